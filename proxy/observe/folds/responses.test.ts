import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { responsesFold } from './responses.ts'

const response = { id: 'resp_1', model: 'gpt-5', output: [], usage: null, error: null }
const created = { type: 'response.created', response }
const text = (delta: string, more: JsonObject = {}) => ({
  type: 'response.output_text.delta',
  output_index: 0,
  content_index: 0,
  delta,
  ...more,
})

function folded(events: readonly JsonObject[], left = 1_000) {
  const fold = responsesFold({ left })
  const generated = events.map((event) => fold.add(event))
  return { ...fold.result(), generated }
}

test('prefers the output of the terminal event to the accumulated deltas', () => {
  const output = [{ type: 'message', content: [{ type: 'output_text', text: 'Final' }] }]
  const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 }
  const result = folded([
    created,
    text('Dra'),
    { type: 'response.completed', response: { ...response, output, usage } },
  ])
  expect(result).toMatchObject({
    id: 'resp_1',
    model: 'gpt-5',
    output: { kind: 'items', items: output },
    usage: { total: 3 },
    ended: true,
    generated: [false, true, false],
  })
})

test('keeps the items of a stream that was cut off', () => {
  const result = folded([
    created,
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { type: 'reasoning', id: 'rs', summary: [] },
    },
    { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'Think' },
    { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 1, delta: 'More' },
    {
      type: 'response.output_item.added',
      output_index: 1,
      item: { type: 'function_call', name: 'f', arguments: '{' },
    },
    { type: 'response.function_call_arguments.delta', output_index: 1, delta: '"x"' },
    { type: 'response.function_call_arguments.delta', output_index: 1, delta: ':1' },
    text('Hel', { output_index: 2 }),
    text('lo', { output_index: 2 }),
    { type: 'response.of.another.time', output_index: 2, delta: '?' },
  ])
  expect(result.ended).toBe(false)
  expect(result.output).toEqual({
    kind: 'items',
    items: [
      {
        type: 'reasoning',
        id: 'rs',
        summary: [
          { type: 'summary_text', text: 'Think' },
          { type: 'summary_text', text: 'More' },
        ],
      },
      { type: 'function_call', name: 'f', arguments: '{"x":1' },
      { type: 'message', content: [{ type: 'output_text', text: 'Hello' }] },
    ],
  })
})

test('keeps a finished item verbatim, and the accumulated items where the terminal output is empty', () => {
  const item = { type: 'message', status: 'completed', content: [{ type: 'output_text', text: 'Whole' }] }
  const result = folded([
    text('Who'),
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response },
  ])
  expect(result.output).toEqual({ kind: 'items', items: [item] })
})

test('reads the error of a failed response and of an error event', () => {
  const error = { code: 'server_error', message: 'Sorry' }
  expect(folded([{ type: 'response.failed', response: { ...response, error } }])).toMatchObject({
    error: { type: 'server_error' },
    ended: true,
  })
  expect(folded([{ type: 'error', code: 'rate_limit_exceeded', message: 'Slow' }]).error).toEqual({
    type: 'rate_limit_exceeded',
    message: 'Slow',
  })
})

test('reads a response that is not streamed', () => {
  const output = [{ type: 'message', content: [] }]
  expect(folded([{ ...response, object: 'response', output }]).output).toEqual({
    kind: 'items',
    items: output,
  })
})

test('keeps no more than its allowance, and refunds what a finished item replaces', () => {
  const long = 'x'.repeat(400)
  const item = { type: 'message', content: [{ type: 'output_text', text: long }] }
  const done = { type: 'response.output_item.done', output_index: 0, item }
  expect(folded([text(long), done, text(long, { output_index: 1 })]).output).toMatchObject({
    items: [item, { content: [{ text: long }] }],
  })
  const flood = Array.from({ length: 50 }, (_, at) => ({ ...done, output_index: at }))
  expect(JSON.stringify(folded(flood).output).length).toBeLessThan(1_100)
})

test.each([
  null,
  1,
  [],
  {},
  { type: 'response.output_text.delta' },
  { type: 'response.output_item.done', item: 1 },
  text('x', { output_index: 'a' }),
])('does not throw on %j', (event) => {
  expect(() => responsesFold({ left: 10 }).add(event)).not.toThrow()
})

test('counts events of unknown types, up to 20 types separately', () => {
  const other = { type: 'response.of.another.time', delta: '?' }
  const known = { type: 'response.web_search_call.searching', output_index: 0 }
  expect(folded([created, known, other, other]).unknownEvents).toEqual({ 'response.of.another.time': 2 })
  expect(folded([created, known])).not.toHaveProperty('unknownEvents')
  const flood = Array.from({ length: 50 }, (_, n) => ({ type: `new.${n}` }))
  expect(Object.values(folded(flood).unknownEvents ?? {})).toHaveLength(21)
})

test.each([
  'response.audio_transcript.delta',
  'response.audio.transcript.delta',
  'response.output_audio_transcript.delta',
])('reads the audio transcript in %s', (type) => {
  const result = folded([{ type, output_index: 0, delta: 'Hi' }])
  expect(result).toMatchObject({
    output: { items: [{ content: [{ transcript: 'Hi' }] }] },
    generated: [true],
  })
  expect(result).not.toHaveProperty('unknownEvents')
})

test('reads why a response ended, and reports an unexplained failure', () => {
  const incomplete = {
    ...response,
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
  }
  expect(folded([{ type: 'response.incomplete', response: incomplete }])).toMatchObject({
    output: { finishReason: 'max_output_tokens' },
    ended: true,
  })
  expect(folded([{ ...response, status: 'completed' }]).output).toMatchObject({ finishReason: 'completed' })
  expect(folded([{ type: 'response.failed', response: { ...response, status: 'failed' } }]).error).toEqual({
    type: 'response_failed',
    message: expect.stringContaining('does not say why'),
  })
})

test('keeps the deltas of a part together whose index leaves a gap', () => {
  const result = folded([text('He', { content_index: 3 }), text('llo', { content_index: 3 })])
  expect(result.output).toMatchObject({ items: [{ content: [{ text: 'Hello' }] }] })
})

test('a response that was cancelled has failed, one that runs has not ended', () => {
  expect(
    folded([{ type: 'response.cancelled', response: { ...response, status: 'cancelled' } }]),
  ).toMatchObject({
    error: { type: 'response_cancelled' },
    ended: true,
  })
  const running = folded([{ ...response, status: 'in_progress', output: [] }])
  expect(running).not.toHaveProperty('output')
  expect(running).not.toHaveProperty('error')
})

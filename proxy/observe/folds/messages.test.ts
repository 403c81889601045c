import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../shared/json.ts'
import { messagesFold } from './messages.ts'

const usage = { input_tokens: 25, cache_read_input_tokens: 10, output_tokens: 1 }
const message = {
  ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-a', content: [], usage },
  ...{ stop_reason: null, stop_sequence: null },
}
const started = { type: 'message_start', message }
const block = (index: number, content_block: JsonObject) => ({
  type: 'content_block_start',
  index,
  content_block,
})
const delta = (index: number, fields: JsonObject) => ({ type: 'content_block_delta', index, delta: fields })
const text = (index: number, value: string) => delta(index, { type: 'text_delta', text: value })
const json = (index: number, partial_json: string) => delta(index, { type: 'input_json_delta', partial_json })
const stopped = (stop_reason: string, more: JsonObject = {}, counts: JsonObject = { output_tokens: 15 }) => ({
  type: 'message_delta',
  delta: { stop_reason, stop_sequence: null, ...more },
  usage: counts,
})
const ended = { type: 'message_stop' }

function folded(events: readonly Json[], left = 10_000) {
  const fold = messagesFold({ left })
  const generated = events.map((event) => fold.add(event))
  return { ...fold.result(), generated }
}

/** The content blocks of a stream of these events, between its start and its end. */
function contentOf(events: readonly Json[], left?: number): unknown {
  const { output } = folded([started, ...events, stopped('end_turn'), ended], left)
  return output?.kind === 'message' ? output.content : output
}

test('folds a stream into a message with its stop reason, and usage of its start and end', () => {
  const result = folded([
    started,
    block(0, { type: 'text', text: '' }),
    { type: 'ping' },
    text(0, 'Hel'),
    text(0, 'lo'),
    { type: 'content_block_stop', index: 0 },
    stopped('stop_sequence', { stop_sequence: 'END' }),
    ended,
  ])
  expect(result).toEqual({
    id: 'msg_1',
    model: 'claude-a',
    output: {
      kind: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'Hello' }],
      finishReason: 'stop_sequence',
      stopSequence: 'END',
    },
    usage: { provenance: 'provider', input: 25, cachedInput: 10, output: 15, cacheOutsideInput: true },
    ended: true,
    generated: [false, false, false, true, true, false, false, false],
  })
})

test('folds a message that is not streamed, in the shape of the provider', () => {
  const content = [
    { type: 'thinking', thinking: 'Hm', signature: 'c2ln' },
    { type: 'tool_use', id: 'toolu_1', name: 'tide', input: { at: 'Dover' } },
  ]
  expect(folded([{ ...message, content, stop_reason: 'tool_use', stop_sequence: null }])).toEqual({
    id: 'msg_1',
    model: 'claude-a',
    output: { kind: 'message', role: 'assistant', content, finishReason: 'tool_use' },
    usage: { provenance: 'provider', input: 25, cachedInput: 10, output: 1, cacheOutsideInput: true },
    ended: true,
    generated: [true],
  })
})

test('keeps thinking with its signature, and redacted thinking', () => {
  const redacted = { type: 'redacted_thinking', data: 'b3BhcXVl' }
  const content = contentOf([
    block(0, { type: 'thinking', thinking: '', signature: '' }),
    delta(0, { type: 'thinking_delta', thinking: 'High ' }),
    delta(0, { type: 'thinking_delta', thinking: 'at noon' }),
    delta(0, { type: 'signature_delta', signature: 'c2ln' }),
    block(1, redacted),
  ])
  expect(content).toEqual([{ type: 'thinking', thinking: 'High at noon', signature: 'c2ln' }, redacted])
})

test('puts the input of a tool together as JSON, of tools that the provider runs too', () => {
  const result = {
    type: 'web_search_tool_result',
    tool_use_id: 'srv_1',
    content: [{ type: 'web_search_result', url: 'https://a' }],
  }
  const content = contentOf([
    block(0, { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: {} }),
    json(0, ''),
    json(0, '{"query":'),
    json(0, '"tide"}'),
    block(1, result),
    block(2, { type: 'tool_use', id: 'toolu_1', name: 'now', input: {} }),
    json(2, ''),
  ])
  expect(content).toEqual([
    { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: { query: 'tide' } },
    result,
    { type: 'tool_use', id: 'toolu_1', name: 'now', input: {} },
  ])
})

test('keeps citations beside the text that they support', () => {
  const citation = { type: 'char_location', cited_text: 'High', document_index: 0 }
  const content = contentOf([
    block(0, { type: 'text', text: '', citations: [] }),
    delta(0, { type: 'citations_delta', citation }),
    text(0, 'At noon'),
    delta(0, { type: 'citations_delta', citation: { ...citation, document_index: 1 } }),
  ])
  expect(content).toEqual([
    { type: 'text', text: 'At noon', citations: [citation, { ...citation, document_index: 1 }] },
  ])
})

test('keeps what came of a stream that broke off, without the output count of its start', () => {
  const result = folded([
    started,
    text(0, 'Let me see'),
    block(1, { type: 'tool_use', id: 'toolu_1', name: 'tide', input: {} }),
    json(1, '{"at":"Do'),
  ])
  expect(result).toMatchObject({
    output: {
      kind: 'message',
      content: [
        { type: 'text', text: 'Let me see' },
        { type: 'tool_use', id: 'toolu_1', name: 'tide', input: '{"at":"Do' },
      ],
    },
    ended: false,
  })
  expect(result.usage).toEqual({
    provenance: 'provider',
    input: 25,
    cachedInput: 10,
    cacheOutsideInput: true,
  })
})

test('reports an error in the stream, and the content before it', () => {
  const result = folded([
    started,
    text(0, 'Hi'),
    { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
  ])
  expect(result).toMatchObject({
    error: { type: 'overloaded_error', message: 'Overloaded' },
    output: { content: [{ type: 'text', text: 'Hi' }] },
    ended: false,
  })
})

test('keeps why a request was refused', () => {
  const stop_details = { type: 'refusal', category: 'cyber', explanation: 'No.' }
  expect(folded([started, stopped('refusal', { stop_details }), ended])).toMatchObject({
    output: { content: [], finishReason: 'refusal', stopDetails: stop_details },
  })
})

test.each<[string, JsonObject, JsonObject, JsonObject]>([
  [
    'the end repeats and raises the counts of the start',
    { input_tokens: 20, cache_creation_input_tokens: 300, output_tokens: 2 },
    { input_tokens: 30, cache_creation_input_tokens: 400, output_tokens: 9 },
    { input: 30, cacheWrite: 400, output: 9 },
  ],
  [
    'the end does not know the input',
    { input_tokens: 20, output_tokens: 2 },
    { input_tokens: 0, cache_read_input_tokens: null, output_tokens: 9 },
    { input: 20, output: 9 },
  ],
  [
    'the start does not know the input',
    { input_tokens: 0, output_tokens: 0 },
    { input_tokens: 20, output_tokens: 9 },
    { input: 20, output: 9 },
  ],
  [
    'writes stay in the cache for 5 minutes and for an hour',
    {
      input_tokens: 1,
      cache_creation_input_tokens: 300,
      cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
      output_tokens: 2,
    },
    { output_tokens: 9 },
    { input: 1, cacheWrite: 300, cacheWrite5m: 100, cacheWrite1h: 200, output: 9, cacheOutsideInput: true },
  ],
  [
    'thinking is a part of the output',
    { input_tokens: 1, output_tokens: 2 },
    { output_tokens: 90, output_tokens_details: { thinking_tokens: 60 } },
    { input: 1, output: 90, reasoning: 60 },
  ],
  [
    'a compaction was billed beside it',
    { input_tokens: 10, output_tokens: 2 },
    {
      output_tokens: 9,
      iterations: [
        { type: 'compaction', input_tokens: 1_000, output_tokens: 50 },
        { type: 'message', input_tokens: 10, output_tokens: 9 },
      ],
    },
    { input: 1_010, output: 59 },
  ],
])('reads usage where %s', (_, first, last, expected) => {
  const start = { type: 'message_start', message: { ...message, usage: first } }
  expect(folded([start, text(0, 'Hi'), stopped('end_turn', {}, last), ended]).usage).toMatchObject(expected)
})

test('lists only tools that the provider ran', () => {
  const counts = { output_tokens: 9, server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 } }
  const result = folded([started, stopped('end_turn', {}, counts), ended])
  expect(result.usage).toHaveProperty('toolRequests', { web_search_requests: 2 })
})

test('a tool call counts as generated at its start, a text only with its first delta', () => {
  const { generated } = folded([
    block(0, { type: 'text', text: '' }),
    block(1, { type: 'thinking', thinking: '' }),
    block(2, { type: 'tool_use', name: 'tide', input: {} }),
    block(3, { type: 'redacted_thinking', data: 'b3BhcXVl' }),
  ])
  expect(generated).toEqual([false, false, true, true])
})

test('names the model that served a message after a fallback', () => {
  const fallback = { type: 'fallback', from: { model: 'claude-a' }, to: { model: 'claude-b' } }
  expect(folded([started, block(0, fallback), text(1, 'Hi'), ended])).toMatchObject({ model: 'claude-b' })
})

test('counts events and deltas that it does not know, and ignores what comes after the end', () => {
  const result = folded([
    started,
    { type: 'message_mood' },
    delta(0, { type: 'colour_delta', colour: 'red' }),
    text(0, 'Hi'),
    stopped('end_turn'),
    ended,
    text(0, ' there'),
    stopped('max_tokens', {}, { output_tokens: 99 }),
  ])
  expect(result).toMatchObject({
    output: { content: [{ type: 'text', text: 'Hi' }], finishReason: 'end_turn' },
    usage: { output: 15 },
    unknownEvents: { message_mood: 1, colour_delta: 1 },
  })
})

test('keeps the type of a block that does not fit, and the beginning of a text', () => {
  const result = { type: 'web_fetch_tool_result', content: 'x'.repeat(5_000) }
  const content = contentOf(
    [block(0, result), block(1, { type: 'text', text: '' }), text(1, 'y'.repeat(300))],
    200,
  )
  expect(content).toEqual([
    { type: 'web_fetch_tool_result' },
    { type: 'text', text: expect.stringMatching(/^y+ … \[\d+ more characters\]$/) },
  ])
})

test('keeps input that is nested too deeply as text', () => {
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
  const content = contentOf([block(0, { type: 'tool_use', name: 'f', input: {} }), json(0, deep)], 20_000)
  expect(content).toEqual([{ type: 'tool_use', name: 'f', input: deep }])
})

test('has no output where the JSON is no message', () => {
  expect(folded([{ hello: 'world' }])).not.toHaveProperty('output')
  expect(folded([null, 7, 'text', { type: 'content_block_start' }, { type: 'content_block_delta' }])).toEqual(
    {
      usage: { provenance: 'missing' },
      ended: false,
      generated: [false, false, false, false, false],
    },
  )
})

test.each([
  [
    'a stream',
    [{ ...started, message: { ...message, usage: { ...usage, service_tier: 'priority' } } }, ended],
  ],
  [
    'the end of one',
    [started, stopped('end_turn', {}, { output_tokens: 15, service_tier: 'priority' }), ended],
  ],
  ['a message', [{ ...message, usage: { ...usage, service_tier: 'priority' }, stop_reason: 'end_turn' }]],
])('the tier at which it was served stands with the usage of %s', (_what, events) => {
  expect(folded(events as Json[]).served).toMatchObject({ serviceTier: 'priority' })
})

test('so does the speed', () => {
  const fast = { ...started, message: { ...message, usage: { ...usage, speed: 'fast' } } }
  expect(folded([fast, stopped('end_turn'), ended] as Json[]).served).toMatchObject({ speed: 'fast' })
  const standard = { ...message, usage: { ...usage, speed: 'standard' }, stop_reason: 'end_turn' }
  expect(folded([standard]).served).toMatchObject({ speed: 'standard' })
})

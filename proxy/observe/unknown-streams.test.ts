import { expect, test } from 'vitest'
import type { Operation } from '../../shared/record/record.ts'
import { eventStream, json, recordOfExchange } from './testing/exchange.ts'

const cohere = [
  { type: 'message-start', id: '1', delta: { message: { role: 'assistant' } } },
  { type: 'content-delta', index: 0, delta: { message: { content: { text: 'Hi' } } } },
  { type: 'message-end', delta: { finish_reason: 'COMPLETE' } },
]
const streamed = (events: readonly object[]) =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')

test.each<Operation>([
  'chat',
  'text_completion',
  'responses',
  'embeddings',
  'rerank',
  'image',
  'audio',
  'moderation',
  'relay',
])(
  'a stream of JSON that is not of the dialect of %s is kept as it is, and not called truncated',
  (operation) => {
    const record = recordOfExchange({ call: { operation }, chunks: [streamed(cohere)] })
    expect(record).toMatchObject({ output: { kind: 'json', value: cohere }, ending: 'completed' })
    const [single] = cohere
    expect(recordOfExchange({ call: { operation }, chunks: [streamed([single as object])] }).output).toEqual({
      kind: 'json',
      value: single,
    })
  },
)

test('a stream of a known dialect that stops early is truncated, even before its first choice', () => {
  const opening = { id: '', model: '', choices: [], prompt_filter_results: [] }
  const record = recordOfExchange({ chunks: [streamed([opening])] })
  expect(record.ending).toBe('truncated')
  expect(record.output).toBeUndefined()
  const created = { type: 'response.created', response: { id: 'r', status: 'in_progress', output: [] } }
  expect(recordOfExchange({ call: { operation: 'responses' }, chunks: [streamed([created])] })).toMatchObject(
    {
      ending: 'truncated',
    },
  )
})

test('an error alone is no output', () => {
  const record = recordOfExchange({ chunks: [streamed([{ error: { message: 'Busy', type: 'busy' } }])] })
  expect(record.ending).toBe('error_in_stream')
  expect(record.output).toBeUndefined()
})

test('what is kept of an unknown stream is bounded', () => {
  const events = Array.from({ length: 40 }, (_, at) => ({ at, text: 'x'.repeat(100_000) }))
  const { output } = recordOfExchange({ chunks: [streamed(events)], headers: eventStream })
  expect(output).toMatchObject({ kind: 'json' })
  expect(JSON.stringify(output).length).toBeLessThan(1_200_000)
})

test.each(['application/x-ndjson', 'application/json', 'text/plain'])(
  'one JSON object per line is kept as a list (%s)',
  (type) => {
    const lines = [
      { message: { content: 'Hi' }, done: false },
      { message: { content: '' }, done: true },
    ]
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    const headers = { ...json, 'content-type': type }
    for (const operation of ['chat', 'relay'] as const) {
      const record = recordOfExchange({ call: { operation }, headers, chunks: [text] })
      expect(record).toMatchObject({ output: { kind: 'json', value: lines }, ending: 'completed' })
      expect(record.response).not.toHaveProperty('unseenBytes')
    }
    const cut = recordOfExchange({ headers, chunks: [`${text}{"message":`] })
    expect(cut.output).toEqual({ kind: 'json', value: lines })
  },
)

test('chunks of a chat in lines without events are folded', () => {
  const chunks = ['Hel', 'lo'].map((content) => ({ model: 'm', choices: [{ index: 0, delta: { content } }] }))
  const text = chunks.map((chunk) => `${JSON.stringify(chunk)}\n`).join('')
  expect(recordOfExchange({ headers: json, chunks: [text] })).toMatchObject({
    response: { model: 'm' },
    output: { kind: 'choices', choices: [{ content: 'Hello' }] },
  })
})

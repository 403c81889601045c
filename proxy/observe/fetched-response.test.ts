import { expect, test } from 'vitest'
import { json, recordOfExchange } from './testing/exchange.ts'

const usage = { input_tokens: 40, output_tokens: 12, total_tokens: 52 }
const item = { type: 'message', content: [{ type: 'output_text', text: 'BLUE KITE' }] }
const response = (status: string, finished = false) => ({
  id: 'resp_a1',
  object: 'response',
  model: 'gpt-5.6-sol',
  status,
  output: finished ? [item] : [],
  usage: finished ? usage : null,
  error: null,
  background: true,
})

const stored = '/v1/responses/resp_a1'
const observed = (call: object, body: object) =>
  recordOfExchange({ call, headers: json, chunks: [JSON.stringify(body)] })
const fetchedBy = (method: string, route: string, body: object) =>
  observed({ operation: 'relay', method, route }, body)

const counted = { provenance: 'provider', input: 40, output: 12, total: 52 }

test('a background response that was just created says that it runs, and has no output', () => {
  for (const status of ['queued', 'in_progress']) {
    const record = observed({ operation: 'responses', body: { background: true } }, response(status))
    expect(record.response).toMatchObject({ id: 'resp_a1', state: status, background: true })
    expect(record.ending).toBe('running')
    expect(record.usage).toEqual({ provenance: 'missing' })
    expect(record).not.toHaveProperty('output')
    expect(record).not.toHaveProperty('fetched')
  }
})

test('one that was finished at once has output and usage of its own', () => {
  const record = observed({ operation: 'responses' }, response('completed', true))
  expect(record).toMatchObject({
    usage: counted,
    response: { state: 'completed' },
    output: { items: [item] },
  })
  expect(record).not.toHaveProperty('fetched')
})

test('the tokens of a response that is fetched are not counted, but told', () => {
  const record = fetchedBy('GET', stored, response('completed', true))
  expect(record.usage).toEqual({ provenance: 'missing' })
  expect(record.fetched).toEqual({ id: 'resp_a1', state: 'completed', usage: counted })
  expect(record.output).toMatchObject({ value: { output: [item] } })
})

test('one that still runs is told as such', () => {
  expect(fetchedBy('GET', stored, response('in_progress')).fetched).toEqual({
    id: 'resp_a1',
    state: 'in_progress',
    usage: { provenance: 'missing' },
  })
})

test('one that has failed is no failure of the call that fetches it', () => {
  const body = { ...response('failed'), error: { code: 'server_error', message: 'Sorry' } }
  const record = fetchedBy('GET', stored, body)
  expect(record.ending).toBe('completed')
  expect(record.fetched).toMatchObject({ state: 'failed' })
})

test('the tokens of a response that is streamed again are not counted', () => {
  const events = [
    { type: 'response.created', response: response('in_progress') },
    { type: 'response.output_text.delta', output_index: 0, delta: 'BLUE' },
    { type: 'response.completed', response: response('completed', true) },
  ]
  const chunks = events.map((event) => `data: ${JSON.stringify(event)}\n\n`)
  const record = recordOfExchange({ call: { operation: 'relay', method: 'GET', route: stored }, chunks })
  expect(record.usage).toEqual({ provenance: 'missing' })
  expect(record.fetched).toEqual({ id: 'resp_a1', state: 'completed', usage: counted })
})

const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-4o',
  choices: [],
  usage: { prompt_tokens: 40, completion_tokens: 12, total_tokens: 52 },
}

test.each<[string, string, string, object]>([
  ['a stored chat completion', 'GET', '/v1/chat/completions/chatcmpl-1', completion],
  ['one whose metadata is changed', 'POST', '/v1/chat/completions/chatcmpl-1', completion],
  ['a response that is cancelled', 'POST', `${stored}/cancel`, { ...response('cancelled'), usage }],
  ['a batch, which is polled', 'GET', '/v1/batches/batch_1', { id: 'batch_1', object: 'batch', usage }],
])('counts no tokens for %s', (_, method, route, body) => {
  const record = fetchedBy(method, route, body)
  expect(record.usage).toEqual({ provenance: 'missing' })
  expect(record.fetched).toMatchObject({ usage: counted })
})

test.each<[string, string, object]>([
  ['an operation that is not known', '/v1/agents/a/run', { id: 'r', object: 'response', usage }],
  [
    'a path with another last part',
    '/v1/responses/compact',
    { id: 'resp_c', object: 'response.compaction', usage },
  ],
])('counts the tokens of %s', (_, route, body) => {
  const record = fetchedBy('POST', route, body)
  expect(record.usage).toMatchObject(counted)
  expect(record).not.toHaveProperty('fetched')
})

test('what is no response is not called one', () => {
  expect(fetchedBy('GET', '/v1/models', { object: 'list', data: [] })).not.toHaveProperty('fetched')
  expect(fetchedBy('GET', `${stored}/input_items`, { object: 'list', data: [] })).not.toHaveProperty(
    'fetched',
  )
})

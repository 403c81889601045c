import { expect, onTestFinished, test } from 'vitest'
import {
  type Answer,
  answerJson,
  answerStream,
  type FakeUpstream,
  startFakeUpstream,
} from '../../shared/testing/fake-upstream.ts'
import { startProxy } from '../testing/running-proxy.ts'

const headers = {
  'content-type': 'application/json',
  'anthropic-version': '2023-06-01',
  'x-api-key': 'sk-ant-secret-key',
}
const usage = {
  input_tokens: 25,
  cache_creation_input_tokens: 300,
  cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
  cache_read_input_tokens: 10,
  output_tokens: 1,
}
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5-20260101', usage }
const body = {
  model: 'claude-sonnet-5',
  max_tokens: 64,
  system: 'Be kind',
  messages: [{ role: 'user', content: 'When is high tide?' }],
  tools: [{ name: 'tide', input_schema: { type: 'object' } }],
}

/** As Anthropic writes them, with white space that a parser would lose. */
const event = (type: string, fields: object = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}        \n\n`

const delta = (index: number, fields: object) => event('content_block_delta', { index, delta: fields })

const events = [
  event('message_start', { message: { ...message, content: [], stop_reason: null } }),
  event('content_block_start', {
    index: 0,
    content_block: { type: 'thinking', thinking: '', signature: '' },
  }),
  delta(0, { type: 'thinking_delta', thinking: 'The tide' }),
  delta(0, { type: 'signature_delta', signature: 'c2ln' }),
  event('ping'),
  event('content_block_start', {
    index: 1,
    content_block: { type: 'tool_use', id: 'toolu_1', name: 'tide', input: {} },
  }),
  delta(1, { type: 'input_json_delta', partial_json: '{"at":' }),
  delta(1, { type: 'input_json_delta', partial_json: '"Dover"}' }),
  event('content_block_stop', { index: 1 }),
  event('message_delta', { delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 15 } }),
  event('message_stop'),
]

const content = [
  { type: 'thinking', thinking: 'The tide', signature: 'c2ln' },
  { type: 'tool_use', id: 'toolu_1', name: 'tide', input: { at: 'Dover' } },
]

/** A proxy with OpenAI's API as its default upstream and Anthropic's beside it. */
async function lend(answer: Answer, env: (anthropic: FakeUpstream) => Record<string, string> = () => ({})) {
  const openai = await startFakeUpstream()
  const anthropic = await startFakeUpstream(answer)
  const proxy = await startProxy({
    UPSTREAM_BASE_URL: `${openai.origin}/v1`,
    UPSTREAMS: `anthropic=${anthropic.origin}/v1`,
    ...env(anthropic),
  })
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]()
    await openai[Symbol.asyncDispose]()
    await anthropic[Symbol.asyncDispose]()
  })
  const post = (path: string, json: object) =>
    fetch(`${proxy.origin}${path}`, { method: 'POST', headers, body: JSON.stringify(json) })
  return { openai, anthropic, proxy, post }
}

test('a streamed message passes byte for byte in both directions, and is recorded', async () => {
  const { openai, anthropic, proxy, post } = await lend(answerStream(events))
  const streamed = { ...body, stream: true }
  const response = await post('/v1/messages?beta=true', streamed)
  expect(await response.text()).toBe(events.join(''))
  const [request] = anthropic.requests
  expect(request).toMatchObject({ url: '/v1/messages?beta=true', headers })
  expect(String(request?.body)).toBe(JSON.stringify(streamed))
  expect(openai.requests).toEqual([])

  const record = await proxy.record(1)
  expect(record).toMatchObject({
    operation: 'messages',
    upstream: 'anthropic',
    route: '/v1/messages',
    request: { model: 'claude-sonnet-5', stream: true, parameters: { max_tokens: 64 } },
    response: { model: 'claude-sonnet-5-20260101', id: 'msg_1', status: 200 },
    input: { messages: body.messages, system: 'Be kind', tools: body.tools },
    output: { kind: 'message', role: 'assistant', content, finishReason: 'tool_use' },
    usage: {
      provenance: 'provider',
      input: 25,
      output: 15,
      cachedInput: 10,
      cacheWrite: 300,
      cacheWrite5m: 100,
      cacheWrite1h: 200,
      cacheOutsideInput: true,
    },
    ending: 'completed',
  })
  expect(record.times.firstTokenMs).toBeGreaterThan(0)
  expect(await proxy.registry.metrics()).toContain('gen_ai_operation_name="chat"')
  expect(JSON.stringify(record)).not.toContain('sk-ant')
})

test('a message that is not streamed is recorded', async () => {
  const { proxy, post } = await lend(
    answerJson({ ...message, content, stop_reason: 'tool_use', stop_sequence: null }),
  )
  const response = await post('/t/lesson/v1/messages', body)
  expect(await response.json()).toMatchObject({ content })
  expect(await proxy.record(1)).toMatchObject({
    operation: 'messages',
    context: { threadId: 'lesson' },
    output: { kind: 'message', content, finishReason: 'tool_use' },
    usage: { input: 25, output: 1 },
    ending: 'completed',
  })
})

test('an error within a stream reaches the client, and is recorded beside what came before it', async () => {
  const failing = [
    ...events.slice(0, 3),
    event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
  ]
  const { proxy, post } = await lend(answerStream(failing))
  const response = await post('/v1/messages', { ...body, stream: true })
  expect(await response.text()).toBe(failing.join(''))
  expect(await proxy.record(1)).toMatchObject({
    output: { content: [{ type: 'thinking', thinking: 'The tide' }] },
    error: { type: 'overloaded_error', message: 'Overloaded' },
    ending: 'error_in_stream',
  })
})

test('an error status is recorded with its type and the id that support asks for', async () => {
  const error = { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } }
  const limits = { 'request-id': 'req_1', 'anthropic-ratelimit-tokens-remaining': '0' }
  const { proxy, post } = await lend(answerJson(error, 429, limits))
  expect(await (await post('/v1/messages', body)).json()).toEqual(error)
  expect(await proxy.record(1)).toMatchObject({
    response: {
      status: 429,
      requestId: 'req_1',
      limits: { 'anthropic-ratelimit-tokens-remaining': '0' },
    },
    error: { type: 'rate_limit_error', message: 'Slow down' },
    ending: 'upstream_error',
  })
})

test('counting tokens goes to the same upstream, and is no call of a model', async () => {
  const { anthropic, proxy, post } = await lend(answerJson({ input_tokens: 2_095 }))
  expect(await (await post('/v1/messages/count_tokens', body)).json()).toEqual({ input_tokens: 2_095 })
  expect(anthropic.requests[0]).toMatchObject({ url: '/v1/messages/count_tokens' })
  expect(await proxy.record(1)).toMatchObject({ operation: 'relay', usage: { provenance: 'missing' } })
})

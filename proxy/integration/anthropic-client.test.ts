import Anthropic from '@anthropic-ai/sdk'
import { expect, onTestFinished, test } from 'vitest'
import {
  type Answer,
  answerJson,
  answerStream,
  startFakeUpstream,
} from '../../shared/testing/fake-upstream.ts'
import { startProxy } from '../testing/running-proxy.ts'

const model = 'claude-sonnet-5'
const usage = {
  ...{ input_tokens: 25, cache_read_input_tokens: 10, cache_creation_input_tokens: 300, output_tokens: 1 },
  cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
}
const message = { id: 'msg_1', type: 'message', role: 'assistant', model, stop_sequence: null, usage }
const params = { model, max_tokens: 64, messages: [{ role: 'user' as const, content: 'When is high tide?' }] }
const tools: Anthropic.Messages.Tool[] = [{ name: 'tide', input_schema: { type: 'object' } }]

const event = (type: string, fields: object = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
const start = event('message_start', { message: { ...message, content: [], stop_reason: null } })
const block = (index: number, content_block: object, ...deltas: readonly object[]) => [
  event('content_block_start', { index, content_block }),
  ...deltas.map((delta) => event('content_block_delta', { index, delta })),
  event('content_block_stop', { index }),
]
const end = (stop_reason: string) => [
  event('message_delta', { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 15 } }),
  event('message_stop'),
]
const toolStream = [
  start,
  event('ping'),
  ...block(
    0,
    { type: 'thinking', thinking: '', signature: '' },
    { type: 'thinking_delta', thinking: 'Tides' },
  ),
  ...block(
    1,
    { type: 'text', text: '' },
    { type: 'text_delta', text: 'I look it ' },
    { type: 'text_delta', text: 'up.' },
  ),
  ...block(
    2,
    { type: 'tool_use', id: 'toolu_1', name: 'tide', input: {} },
    { type: 'input_json_delta', partial_json: '{"at":' },
    { type: 'input_json_delta', partial_json: '"Dover"}' },
  ),
  ...end('tool_use'),
]

/** Anthropic's client as its environment configures it: beside OpenAI's API as the default upstream. */
async function lend(answer: Answer, path = '') {
  const upstream = await startFakeUpstream(answer)
  const proxy = await startProxy({
    UPSTREAM_BASE_URL: 'http://127.0.0.1:1/v1',
    UPSTREAMS: `anthropic=${upstream.origin}`,
  })
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]()
    await upstream[Symbol.asyncDispose]()
  })
  const client = new Anthropic({ baseURL: proxy.origin + path, apiKey: 'sk-ant-test', maxRetries: 0 })
  return { upstream, proxy, client }
}

test('a plain message arrives and is recorded, with what was read from the cache and written to it', async () => {
  const content = [{ type: 'text', text: 'At noon.' }]
  const { upstream, proxy, client } = await lend(answerJson({ ...message, content, stop_reason: 'end_turn' }))
  const received = await client.messages.create({
    ...params,
    system: 'Be kind',
    metadata: { user_id: 'ada' },
  })
  expect(received).toMatchObject({ content, stop_reason: 'end_turn', usage })
  expect(upstream.requests[0]?.url).toBe('/v1/messages')
  expect(JSON.stringify(upstream.requests[0]?.headers)).toContain('sk-ant-test')
  expect(await proxy.record(1)).toMatchObject({
    operation: 'messages',
    upstream: 'anthropic',
    context: { userId: 'ada' },
    input: { system: 'Be kind', messages: params.messages },
    output: { kind: 'message', content, finishReason: 'end_turn' },
    usage: {
      provenance: 'provider',
      input: 25,
      cachedInput: 10,
      cacheWrite: 300,
      cacheWrite1h: 200,
      output: 1,
    },
    ending: 'completed',
  })
})

test('a stream with thinking, text and a tool call arrives as it was sent, and is recorded', async () => {
  const { upstream, proxy, client } = await lend(answerStream(toolStream), '/t/lesson')
  const types: string[] = []
  const stream = client.messages.stream({ ...params, tools })
  for await (const { type } of stream) types.push(type)
  expect(types.filter((type) => type === 'content_block_delta')).toHaveLength(5)
  const content = [
    { type: 'thinking', thinking: 'Tides' },
    { type: 'text', text: 'I look it up.' },
    { type: 'tool_use', id: 'toolu_1', name: 'tide', input: { at: 'Dover' } },
  ]
  expect(await stream.finalMessage()).toMatchObject({ content, stop_reason: 'tool_use' })
  expect(JSON.parse(String(upstream.requests[0]?.body))).toEqual({ ...params, tools, stream: true })
  expect(await proxy.record(1)).toMatchObject({
    context: { threadId: 'lesson' },
    output: { content, finishReason: 'tool_use' },
    usage: { provenance: 'provider', input: 25, output: 15 },
    ending: 'completed',
  })
})

test('an error within a stream reaches the client as its own error, and the record has what came before it', async () => {
  const overloaded = { type: 'overloaded_error', message: 'Overloaded' }
  const { proxy, client } = await lend(
    answerStream([start, ...toolStream.slice(5, 7), event('error', { error: overloaded })]),
  )
  await expect(client.messages.stream(params).finalMessage()).rejects.toThrow('Overloaded')
  expect(await proxy.record(1)).toMatchObject({
    ending: 'error_in_stream',
    error: { type: 'overloaded_error', message: 'Overloaded' },
  })
})

test('an error response becomes the error class of its status', async () => {
  const error = { type: 'rate_limit_error', message: 'Slow down' }
  const { proxy, client } = await lend(answerJson({ type: 'error', error }, 429))
  await expect(client.messages.create(params)).rejects.toBeInstanceOf(Anthropic.RateLimitError)
  expect(await proxy.record(1)).toMatchObject({
    ending: 'upstream_error',
    error: { type: 'rate_limit_error' },
  })
})

test('counting tokens is only relayed', async () => {
  const { upstream, proxy, client } = await lend(answerJson({ input_tokens: 14 }))
  expect(await client.messages.countTokens({ model, messages: params.messages })).toEqual({
    input_tokens: 14,
  })
  expect(upstream.requests[0]?.url).toBe('/v1/messages/count_tokens')
  expect(await proxy.record(1)).toMatchObject({ operation: 'relay', usage: { provenance: 'missing' } })
})

test.each(['/', '/v1', '/v1/', '//', '/anthropic', '/anthropic/v1'])(
  'its base URL may end with "%s"',
  async (path) => {
    const content = [{ type: 'text', text: 'At noon.' }]
    const { upstream, client } = await lend(
      answerJson({ ...message, content, stop_reason: 'end_turn' }),
      path,
    )
    expect((await client.messages.create(params)).content).toEqual(content)
    expect(upstream.requests[0]?.url).toBe('/v1/messages')
  },
)

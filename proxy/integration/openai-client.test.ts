import OpenAI, { type APIError, InternalServerError, NotFoundError, RateLimitError } from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import {
  type Answer,
  answerJson,
  answerStream,
  chatEvents,
  startFakeUpstream,
} from '../../shared/testing/fake-upstream.ts'
import { startProxy } from '../testing/running-proxy.ts'

const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }
const messages = [{ role: 'user' as const, content: 'Say hello.' }]
const model = 'gpt-4o-mini'

async function lend(answer: Answer, env: Record<string, string> = {}) {
  const upstream = await startFakeUpstream(answer)
  const proxy = await startProxy({ UPSTREAM_BASE_URL: `${upstream.origin}/v1`, ...env })
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]()
    await upstream[Symbol.asyncDispose]()
  })
  const client = new OpenAI({ baseURL: proxy.baseUrl, apiKey: 'sk-test', maxRetries: 0 })
  return { upstream, proxy, client }
}

test('a stream arrives without the injected usage frame, and is recorded with it', async () => {
  const { upstream, proxy, client } = await lend(answerStream(chatEvents(['Hel', 'lo'], usage)))
  const stream = await client.chat.completions.create(
    { model, messages, stream: true, user: 'u-body' },
    { headers: { 'x-thread-id': 't1', 'x-tags': 'a,b', 'x-trace-name': 'greeting' } },
  )
  let text = ''
  for await (const chunk of stream) {
    expect(chunk.choices).toHaveLength(1)
    text += chunk.choices[0]?.delta.content ?? ''
  }
  expect(text).toBe('Hello')
  expect(JSON.parse(String(upstream.requests[0]?.body))).toMatchObject({
    stream_options: { include_usage: true },
  })
  expect(await proxy.record(1)).toMatchObject({
    operation: 'chat',
    context: { threadId: 't1', sessionId: 't1', userId: 'u-body', traceName: 'greeting', tags: ['a', 'b'] },
    request: { model, stream: true, usageOption: 'injected' },
    response: { model: 'gpt-4o-mini-2024-07-18', status: 200 },
    input: messages,
    output: { choices: [{ index: 0, role: 'assistant', content: 'Hello', finishReason: 'stop' }] },
    usage: { provenance: 'provider', input: 9, output: 3, total: 12 },
    ending: 'completed',
  })
})

test.each([true, false])(
  'a client that sets include_usage: %s gets precisely the stream of the upstream',
  async (include_usage) => {
    const events = chatEvents(['Hello'], usage)
    const { upstream, proxy, client } = await lend(answerStream(events))
    const response = await client.chat.completions
      .create({ model, messages, stream: true, stream_options: { include_usage } })
      .asResponse()
    expect(await response.text()).toBe(events.join(''))
    expect(JSON.parse(String(upstream.requests[0]?.body))).toMatchObject({
      stream_options: { include_usage },
    })
    const record = await proxy.record(1)
    expect(record).toMatchObject({ usage: { total: 12 } })
    expect(record.request).not.toHaveProperty('usageOption')
  },
)

test('INJECT_USAGE=never sends the original request', async () => {
  const { upstream, client } = await lend(answerStream(chatEvents(['Hello'])), { INJECT_USAGE: 'never' })
  const stream = await client.chat.completions.create({ model, messages, stream: true })
  for await (const _chunk of stream);
  expect(String(upstream.requests[0]?.body)).not.toContain('stream_options')
})

test('a response with tool calls that is not streamed is recorded', async () => {
  const tool = { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{"at":"sky"}' } }
  const { proxy, client } = await lend(
    answerJson({
      id: 'chatcmpl-2',
      model,
      choices: [
        {
          index: 0,
          finish_reason: 'tool_calls',
          message: { role: 'assistant', content: null, tool_calls: [tool] },
        },
      ],
      usage,
    }),
  )
  const completion = await client.chat.completions.create({ model, messages, temperature: 0.5 })
  expect(completion.choices[0]?.message.tool_calls).toEqual([tool])
  expect(await proxy.record(1)).toMatchObject({
    request: { stream: false, parameters: { temperature: 0.5 } },
    output: {
      choices: [
        {
          toolCalls: [{ id: 'call_1', name: 'look', arguments: '{"at":"sky"}' }],
          finishReason: 'tool_calls',
        },
      ],
    },
  })
})

test('embeddings and responses are recorded', async () => {
  const { upstream, proxy, client } = await lend(
    answerJson({
      object: 'list',
      model: 'text-embedding-3-small',
      data: [{ object: 'embedding', index: 0, embedding: [0.1, 0.2, 0.3] }],
      usage: { prompt_tokens: 2, total_tokens: 2 },
    }),
  )
  await client.embeddings.create({
    model: 'text-embedding-3-small',
    input: 'two words',
    encoding_format: 'float',
  })
  expect(await proxy.record(1)).toMatchObject({
    operation: 'embeddings',
    input: 'two words',
    output: { kind: 'vectors', count: 1, dimensions: 3 },
    usage: { input: 2 },
  })
  upstream.answer = answerJson({
    id: 'resp_1',
    object: 'response',
    model,
    status: 'completed',
    output: [
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi', annotations: [] }] },
    ],
    usage: { input_tokens: 4, output_tokens: 1, total_tokens: 5 },
  })
  await client.responses.create({ model, input: 'Hello' })
  expect(await proxy.record(2)).toMatchObject({
    operation: 'responses',
    output: { kind: 'items' },
    usage: { total: 5 },
  })
})

test("the upstream's errors pass through and are recorded", async () => {
  const error = { message: 'Slow down.', type: 'requests', param: null, code: 'rate_limit_exceeded' }
  const { proxy, client } = await lend(answerJson({ error }, 429, { 'retry-after': '7' }))
  const failed = await client.chat.completions.create({ model, messages }).catch((cause: unknown) => cause)
  expect(failed).toBeInstanceOf(RateLimitError)
  expect((failed as APIError).error).toEqual(error)
  expect(await proxy.record(1)).toMatchObject({
    ending: 'upstream_error',
    response: { status: 429 },
    error: { message: expect.stringContaining('Slow down.') },
  })
})

test('our own failures raise the SDK class for their status', async () => {
  const { upstream, proxy, client } = await lend(answerJson({}))
  const stranger = new OpenAI({ baseURL: `${proxy.origin}/nobody/v1`, apiKey: 'k', maxRetries: 0 })
  const unknown = await stranger.models.list().catch((cause: unknown) => cause)
  expect(unknown).toBeInstanceOf(NotFoundError)
  expect((unknown as APIError).code).toBe('unknown_upstream')

  await upstream[Symbol.asyncDispose]()
  const unreachable = await client.chat.completions
    .create({ model, messages })
    .catch((cause: unknown) => cause)
  expect(unreachable).toBeInstanceOf(InternalServerError)
  expect((unreachable as APIError).code).toBe('upstream_unreachable')
  expect((unreachable as APIError).message).toContain('no connection to')
})

test('models, files and batches are relayed and recorded', async () => {
  const { upstream, proxy, client } = await lend(answerJson({ object: 'list', data: [] }))
  await client.models.list()
  await client.files.create({ file: new File(['{"a":1}\n'], 'lines.jsonl'), purpose: 'batch' })
  await client.batches.retrieve('batch_1')
  const uploaded = upstream.requests[1]
  expect(uploaded?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
  expect(String(uploaded?.body)).toContain('{"a":1}\n')
  await proxy.record(3)
  expect(
    proxy.records.map(({ operation, method, route, ending }) => [operation, method, route, ending]),
  ).toEqual([
    ['relay', 'GET', '/v1/models', 'completed'],
    ['relay', 'POST', '/v1/files', 'completed'],
    ['relay', 'GET', '/v1/batches/batch_1', 'completed'],
  ])
  expect(proxy.records[1]?.request.bodyBytes).toBe(uploaded?.body.length)
})

test.each(['', '/', '//v1', '/v1/', '/v1/v1', '/t/lesson', '/t/lesson/v1/', '/default', '/default/v1/'])(
  'a client whose base URL ends with "%s" reaches the same upstream',
  async (end) => {
    const { upstream, proxy } = await lend(answerStream(chatEvents(['Hello'], usage)))
    const client = new OpenAI({ baseURL: proxy.origin + end, apiKey: 'sk-test', maxRetries: 0 })
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) {
      expect(chunk.choices).toHaveLength(1)
    }
    expect(upstream.requests[0]?.url).toBe('/v1/chat/completions')
    const record = await proxy.record(1)
    expect(record).toMatchObject({ route: '/v1/chat/completions', usage: { total: 12 } })
    expect(record.context.threadId).toBe(end.includes('lesson') ? 'lesson' : undefined)
  },
)

test('a base URL that cannot be understood is refused with a sentence that says what to set', async () => {
  const { upstream, proxy } = await lend(answerJson({}))
  const client = new OpenAI({ baseURL: `${proxy.origin}/api`, apiKey: 'sk-test', maxRetries: 0 })
  const error = await client.chat.completions.create({ model, messages }).catch((cause: APIError) => cause)
  expect(error).toBeInstanceOf(NotFoundError)
  expect(error).toMatchObject({ code: 'unknown_path', message: expect.stringContaining('must end with /v1') })
  expect(upstream.requests).toEqual([])
})

import { buffer } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { answerJson, type FakeUpstream, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { freePort, startRedis } from '../../shared/testing/private-redis.ts'
import { until } from '../../shared/testing/until.ts'
import { sendRequest } from '../testing/lend.ts'
import { type RunningProxy, startProxy } from '../testing/running-proxy.ts'

async function lend(
  env: Record<string, string> = {},
): Promise<{ readonly upstream: FakeUpstream; readonly proxy: RunningProxy }> {
  const upstream = await startFakeUpstream(answerJson({ choices: [] }))
  const proxy = await startProxy({
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
    UPSTREAMS: `other=${upstream.origin}/other`,
    ...env,
  })
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]()
    await upstream[Symbol.asyncDispose]()
  })
  return { upstream, proxy }
}

const contextUrl = ({ origin }: RunningProxy, thread: string) =>
  `${origin}/_threadtap/contexts/${encodeURIComponent(thread)}`

const put = (proxy: RunningProxy, thread: string, context: unknown) =>
  fetch(contextUrl(proxy, thread), { method: 'PUT', body: JSON.stringify(context) })

const chat = (
  { origin }: RunningProxy,
  headers: Record<string, string> = {},
  path = '/v1/chat/completions',
) => fetch(`${origin}${path}`, { method: 'POST', headers, body: '{"model":"m"}' })

test('a call that names only its thread gets the context registered for it', async () => {
  const { proxy } = await lend()
  const registered = {
    session_id: 's',
    user_id: 'u',
    agent_key: 'tutor',
    tags: ['a'],
    metadata: { course: 'maths' },
  }
  const stored = await put(proxy, 'lesson/4 é', registered)
  expect(stored.status).toBe(200)
  expect(await stored.json()).toMatchObject({ thread_id: 'lesson/4 é', ...registered, ttl_seconds: 3600 })

  const response = await chat(proxy, {}, `/t/${encodeURIComponent('lesson/4 é')}/v1/chat/completions`)
  expect(response.headers.get('x-session-id')).toBe('s')
  expect(response.headers.get('x-thread-id')).toBe(encodeURIComponent('lesson/4 é'))
  const { context, trace } = await proxy.record(1)
  expect(context).toMatchObject({
    threadId: 'lesson/4 é',
    sessionId: 's',
    userId: 'u',
    agentKey: 'tutor',
    tags: ['a'],
    metadata: { course: 'maths' },
    sources: { threadId: 'path', userId: 'context store' },
  })
  expect(response.headers.get('x-trace-id')).toBe(trace.traceId)
})

test('a registered trace id is in the response headers', async () => {
  const { proxy } = await lend()
  await put(proxy, 't', { trace_id: 'order 66' })
  const response = await chat(proxy, { 'x-thread-id': 't' })
  expect(response.headers.get('x-trace-id')).toBe('7860496e8189460a264ced7feb924bbc')
})

test('a context can be read and removed', async () => {
  const { proxy } = await lend({ CONTEXT_TTL_SECONDS: '60' })
  await put(proxy, 't', { user_id: 'u', ttl_seconds: 30, refresh_on_use: true })
  const found = await fetch(contextUrl(proxy, 't'))
  expect(await found.json()).toMatchObject({ user_id: 'u', ttl_seconds: 30, refresh_on_use: true })
  expect((await fetch(contextUrl(proxy, 't'), { method: 'DELETE' })).status).toBe(204)
  for (const method of ['GET', 'DELETE']) {
    const gone = await fetch(contextUrl(proxy, 't'), { method })
    expect(gone.status).toBe(404)
    expect(await gone.json()).toMatchObject({ error: { code: 'unknown_context' } })
  }
})

test.each([
  ['{oops', 400, 'invalid_context', null],
  ['{"user_id":7}', 400, 'invalid_context', 'user_id'],
  ['{"user":"u"}', 400, 'invalid_context', 'user'],
  ['{"ttl_seconds":0}', 400, 'invalid_context', 'ttl_seconds'],
  ['{"ttl_seconds":"60"}', 400, 'invalid_context', 'ttl_seconds'],
  ['{"refresh_on_use":1}', 400, 'invalid_context', 'refresh_on_use'],
  [`{"user_id":"${'x'.repeat(70_000)}"}`, 413, 'context_too_large', null],
])('%.30s is rejected in OpenAI error shape', async (body, status, code, param) => {
  const { proxy } = await lend()
  const response = await fetch(contextUrl(proxy, 't'), { method: 'PUT', body })
  expect(response.status).toBe(status)
  expect(await response.json()).toEqual({
    error: { message: expect.stringMatching(/^threadtap: /), type: 'invalid_request_error', param, code },
  })
})

test('a thread id that is too long is rejected', async () => {
  const { proxy } = await lend()
  expect((await put(proxy, 'x'.repeat(1_001), {})).status).toBe(400)
})

test('other methods and paths below /_threadtap/ reach no upstream', async () => {
  const { proxy, upstream } = await lend()
  for (const [method, path] of [
    ['POST', '/t'],
    ['GET', ''],
    ['PUT', '/a/b'],
  ]) {
    const response = await fetch(`${proxy.origin}/_threadtap/contexts${path}`, { method: method as string })
    expect(response.status).toBe(404)
  }
  expect(upstream.requests).toEqual([])
})

test('a thread in the path combines with an upstream name, and is neither forwarded nor part of the route', async () => {
  const { proxy, upstream } = await lend()
  await chat(proxy, {}, '/t/t%201/other/v1/chat/completions?a=1')
  expect(upstream.requests[0]?.url).toBe('/other/chat/completions?a=1')
  expect(await proxy.record(1)).toMatchObject({
    upstream: 'other',
    route: '/v1/chat/completions',
    context: { threadId: 't 1', sessionId: 't 1' },
  })
})

test('tag headers of every family are not forwarded, and headers that the upstream may need are', async () => {
  const { proxy, upstream } = await lend()
  await chat(proxy, {
    'x-thread-id': 't',
    'langfuse-user-id': 'u',
    'helicone-property-course': 'maths',
    x_tags: 'a',
    session_id: 'codex',
    'x-interaction-id': 'copilot',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  })
  const sent = upstream.requests[0]?.headers ?? {}
  for (const name of ['x-thread-id', 'langfuse-user-id', 'helicone-property-course', 'x_tags']) {
    expect(sent).not.toHaveProperty(name)
  }
  expect(sent).toMatchObject({ session_id: 'codex', 'x-interaction-id': 'copilot' })
  expect(sent.traceparent).toMatch(/^00-4bf92f/)
})

test('CONTEXT_DEFAULTS fill what no other source of a call has', async () => {
  const { proxy } = await lend({ CONTEXT_DEFAULTS: '{"agent_key":"pod","user_id":"pod"}' })
  await chat(proxy, { 'x-user-id': 'own' })
  expect((await proxy.record(1)).context).toMatchObject({ agentKey: 'pod', userId: 'own' })
})

test('a context whose length is not known beforehand is registered, and refused when it is too large', async () => {
  const { proxy } = await lend()
  const putChunked = async (body: string): Promise<unknown> => {
    const headers = { 'transfer-encoding': 'chunked' }
    const response = await sendRequest(contextUrl(proxy, 'chunked'), { method: 'PUT', headers }, body)
    return { status: response.statusCode, ...JSON.parse(String(await buffer(response))) }
  }
  expect(await putChunked('{"session_id":"s"}')).toMatchObject({ status: 200, session_id: 's' })
  expect(await putChunked('{"session_id":1}')).toMatchObject({
    status: 400,
    error: { code: 'invalid_context', param: 'session_id' },
  })
  expect(await putChunked(JSON.stringify({ session_id: 'x'.repeat(70_000) }))).toMatchObject({
    status: 413,
    error: { code: 'context_too_large' },
  })
})

test('a context registered at one sidecar applies at another one that shares its Redis', async () => {
  const redis = await startRedis()
  onTestFinished(redis.stop)
  const { proxy: one } = await lend({ REDIS_URL: redis.url })
  const { proxy: other, upstream } = await lend({ REDIS_URL: redis.url })
  await put(one, 't', { user_id: 'u', session_id: 's' })
  upstream.answer = async (request, outgoing) => {
    const hit = 'threadtap_context_lookups_total{outcome="hit"} 1'
    await until(async () => (await other.registry.metrics()).includes(hit))
    return answerJson({})(request, outgoing)
  }
  const response = await chat(other, { 'x-thread-id': 't' })
  expect((await other.record(1)).context).toMatchObject({ userId: 'u', sessionId: 's' })
  // Looked up before the upstream responded, so the response headers have it.
  expect(response.headers.get('x-session-id')).toBe('s')
})

test('without Redis a call loses only its registered context, which is counted', async () => {
  const { proxy } = await lend({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` })
  const refused = await put(proxy, 't', { user_id: 'u' })
  expect(refused.status).toBe(503)
  expect(await refused.json()).toMatchObject({ error: { code: 'context_store_unavailable' } })
  expect((await chat(proxy, { 'x-thread-id': 't' })).status).toBe(200)
  expect((await proxy.record(1)).context).toMatchObject({ threadId: 't', sessionId: 't' })
  expect(await proxy.registry.metrics()).toContain('threadtap_context_lookups_total{outcome="failed"} 1')
})

test('the response does not wait for a hanging Redis; the record does, and stopping waits for the record', async () => {
  const redis = await startRedis()
  onTestFinished(redis.stop)
  const { proxy } = await lend({ REDIS_URL: redis.url })
  await put(proxy, 'warm', { user_id: 'u' })
  redis.freeze()
  const response = await chat(proxy, { 'x-thread-id': 't' })
  expect(await response.json()).toEqual({ choices: [] })
  expect(proxy.records).toEqual([])
  await proxy.stop()
  expect(proxy.records).toHaveLength(1)
  redis.thaw()
})

test('a context that Redis returns after the upstream has responded is in the record', async () => {
  const redis = await startRedis()
  onTestFinished(redis.stop)
  const { proxy } = await lend({ REDIS_URL: redis.url })
  const { proxy: other } = await lend({ REDIS_URL: redis.url })
  await put(other, 't', { user_id: 'u', session_id: 's' })
  redis.freeze()
  const response = await chat(proxy, { 'x-thread-id': 't' })
  await response.text()
  redis.thaw()
  expect(response.headers.get('x-session-id')).toBe('t')
  expect((await proxy.record(1)).context).toMatchObject({ userId: 'u', sessionId: 's' })
})

test.each(['会话-7', 'Zoë', 'ученик №1', 'm\u0301ax'])(
  'the id %s, as bytes of UTF-8 in a header or in the body, is recorded as it is and percent-encoded in the response',
  async (id) => {
    const { upstream, proxy } = await lend()
    const bytes = Buffer.from(id).toString('latin1')
    const inHeaders = await sendRequest(
      `${proxy.baseUrl}/chat/completions`,
      { method: 'POST', headers: { 'x-thread-id': bytes, 'x-user-id': bytes } },
      // Node writes a head together with a body of text, in the body's encoding.
      Buffer.from('{"model":"m"}'),
    )
    const inBody = await sendRequest(
      `${proxy.baseUrl}/chat/completions`,
      { method: 'POST' },
      JSON.stringify({ model: 'm', user: id, metadata: { thread_id: id } }),
    )
    for (const response of [inHeaders, inBody]) {
      expect(response.headers).toMatchObject({
        'x-thread-id': encodeURIComponent(id),
        'x-session-id': encodeURIComponent(id),
      })
      await buffer(response)
    }
    for (const number of [1, 2]) {
      const { context } = await proxy.record(number)
      expect(context).toMatchObject({ threadId: id, sessionId: id, userId: id })
    }
    expect(upstream.requests).toHaveLength(2)
  },
)

test('ids that only say that there is none are ignored everywhere, and counted by where they stood', async () => {
  const { proxy } = await lend()
  await put(proxy, 'known', { session_id: 'None', user_id: 'ada' })
  const odd = { 'x-thread-id': 'undefined', 'x-user-id': '', 'x-session-affinity': 'null', 'x-tags': '' }
  const responses = [
    await chat(proxy, { ...odd, baggage: 'session.id=nan,user.id=ben' }),
    await chat(proxy, {}, '/t/%5Bobject%20Object%5D/v1/chat/completions'),
    await chat(proxy, { 'x-thread-id': 'known' }),
    await fetch(`${proxy.baseUrl}/chat/completions`, {
      method: 'POST',
      body: '{"user":"None","metadata":{"thread_id":"","session_id":null,"x":"undefined"}}',
    }),
  ]
  expect(responses.map(({ headers }) => headers.get('x-session-id'))).toEqual([null, null, 'known', null])
  await proxy.record(4)
  const contexts = proxy.records.map(({ context }) => context)
  expect(contexts).toMatchObject([
    { userId: 'ben' },
    {},
    { threadId: 'known', sessionId: 'known', userId: 'ada' },
    { metadata: { x: 'undefined' } },
  ])
  expect(contexts.filter(({ sessionId }) => sessionId !== undefined)).toHaveLength(1)
  const metrics = await proxy.registry.metrics()
  for (const [source, count] of Object.entries({ header: 3, path: 1, baggage: 1, body: 2, context: 1 })) {
    expect(metrics).toContain(`threadtap_placeholder_ids_total{source="${source}"} ${count}`)
  }
})

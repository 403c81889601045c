import { expect, onTestFinished, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { answerJson, type FakeUpstream, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { type RunningProxy, startProxy } from '../testing/running-proxy.ts'

const id = 'call_J3ajtA7qivswzXp8A9sJ7foO'
const question = { role: 'user', content: 'What is the weather in Paris?' }
const ask = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } }],
}
const result = { role: 'tool', tool_call_id: id, content: 'sunny' }
const system = { role: 'system', content: 'You are a weather assistant.' }
const tools = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }]

type Headers = Readonly<Record<string, string>>

async function start(env: Headers = {}): Promise<{ proxy: RunningProxy; upstream: FakeUpstream }> {
  const upstream = await startFakeUpstream()
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const proxy = await startProxy({
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
    UPSTREAMS: `other=${upstream.origin}/v1`,
    ...env,
  })
  onTestFinished(() => proxy.stop())
  return { proxy, upstream }
}

/** Asks, runs the tool, and brings its result. @returns the records of both calls */
async function runAgent(
  { proxy, upstream }: Awaited<ReturnType<typeof start>>,
  headers: Headers,
  paths: readonly [string, string] = ['/v1', '/v1'],
): Promise<readonly [InferenceRecord, InferenceRecord]> {
  const before = proxy.records.length
  const post = async (path: string, messages: readonly object[], message: object) => {
    upstream.answer = answerJson({ id: 'chatcmpl-1', choices: [{ index: 0, message }] })
    const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [system, ...messages], tools })
    const url = `${proxy.origin}${path}/chat/completions`
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    })
    await response.arrayBuffer()
  }
  await post(paths[0], [question], ask)
  const first = await proxy.record(before + 1)
  await post(paths[1], [question, ask, result], { role: 'assistant', content: 'Sunny.' })
  return [first, await proxy.record(before + 2)]
}

test('a run that names nothing is one trace, with its tool', async () => {
  const [first, second] = await runAgent(await start(), { authorization: 'Bearer sk-mine' })
  expect(second.trace.traceId).toBe(first.trace.traceId)
  expect(second.link).toEqual({ kind: 'tool_id', relation: 'step', parentCallId: first.id })
  expect(second.toolSpans).toMatchObject([
    { name: 'get_weather', arguments: { city: 'Paris' }, result: 'sunny', callId: id },
  ])
  expect(second.run?.agent?.name).toBe('agent_weather_assistant')
})

test('tenants with equal content are apart, and no credential is recorded', async () => {
  const running = await start()
  const [mine] = await runAgent(running, { authorization: 'Bearer sk-mine' })
  const [theirs] = await runAgent(running, { authorization: 'Bearer sk-theirs' })
  const mixed = await runAgent(running, { 'x-api-key': 'sk-third' })
  expect(new Set([mine, theirs, ...mixed].map(({ trace }) => trace.traceId)).size).toBe(3)
  expect(JSON.stringify(running.proxy.records)).not.toMatch(/sk-/)
  expect(running.upstream.requests[0]?.headers.authorization).toBe('Bearer sk-mine')
})

test('nothing is linked across upstreams', async () => {
  const [first, second] = await runAgent(await start(), {}, ['/v1', '/other/v1'])
  expect(second.trace.traceId).not.toBe(first.trace.traceId)
  expect(second.link).toEqual({ kind: 'none', refused: 'history_unknown' })
})

test('sessions that callers name stay, and their runs are linked within them', async () => {
  const running = await start()
  const [first, second] = await runAgent(running, { 'x-session-id': 'one' })
  expect(second.trace.traceId).toBe(first.trace.traceId)
  expect(second.context.sessionId).toBe('one')
  const [other] = await runAgent(running, { 'x-session-id': 'two' })
  expect(other.link).toEqual({ kind: 'none' })
})

test('a trace that callers name stays', async () => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const [, second] = await runAgent(await start(), { traceparent })
  expect(second.trace).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: 'b'.repeat(16) })
  expect(second.link?.kind).toBe('explicit')
  expect(second.toolSpans).toBeUndefined()
})

test('STITCH=off leaves every call its own', async () => {
  const [first, second] = await runAgent(await start({ STITCH: 'off' }), {})
  expect(second.trace.traceId).not.toBe(first.trace.traceId)
  expect([second.link, second.run, second.toolSpans]).toEqual([undefined, undefined, undefined])
})

test('CAPTURE_CONTENT=none links all the same, and keeps nothing of what was said', async () => {
  const [first, second] = await runAgent(await start({ CAPTURE_CONTENT: 'none' }), {})
  expect(second.trace.traceId).toBe(first.trace.traceId)
  expect(second.toolSpans).toMatchObject([{ name: 'get_weather', callId: id }])
  expect(JSON.stringify([first, second])).not.toMatch(/Paris|sunny|weather.assistant/i)
})

test('links are counted by their kind, and refusals by their reason', async () => {
  const running = await start()
  await runAgent(running, {})
  await runAgent(running, {}, ['/v1', '/other/v1'])
  const metrics = await running.proxy.registry.metrics()
  expect(metrics).toContain('threadtap_links_total{kind="tool_id"} 1')
  expect(metrics).toContain('threadtap_links_total{kind="none"} 3')
  expect(metrics).toContain('threadtap_links_total{kind="subagent"} 0')
  expect(metrics).toContain('threadtap_links_refused_total{reason="history_unknown"} 1')
})

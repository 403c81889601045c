import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Answer } from '../../shared/testing/fake-upstream.ts'
import { readReported, reportedMissing } from '../../shared/testing/reported.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { testQueue } from '../../shared/testing/test-queue.ts'
import { until } from '../../shared/testing/until.ts'
import { lend, lendProxy, sendRequest } from '../testing/lend.ts'
import type { RunningProxy } from '../testing/running-proxy.ts'

const usage = { input_tokens: 40, output_tokens: 12, total_tokens: 52 }
const item = { type: 'message', content: [{ type: 'output_text', text: 'BLUE KITE' }] }
const response = (status: string, more: object = {}) => ({
  id: 'resp_a1',
  object: 'response',
  model: 'o4-mini-deep-research',
  status,
  output: [],
  usage: null,
  error: null,
  background: true,
  ...more,
})
const completed = response('completed', { output: [item], usage })

/** An upstream that answers a create with `queued` and a fetch with what it is set to. */
function background(fetched: { now: object }): Answer {
  return ({ method }, outgoing) => {
    outgoing.setHeader('content-type', 'application/json')
    outgoing.end(JSON.stringify(method === 'POST' ? response('queued') : fetched.now))
  }
}

const create = async ({ baseUrl }: RunningProxy, body: object = {}, thread = 't-bg'): Promise<string> =>
  text(
    await sendRequest(
      `${baseUrl}/responses`,
      { method: 'POST', headers: { 'x-thread-id': thread } },
      JSON.stringify({ model: 'o4-mini-deep-research', input: 'Kites?', background: true, ...body }),
    ),
  )

const poll = async (
  { baseUrl }: RunningProxy,
  path = '/responses/resp_a1',
  method = 'GET',
): Promise<string> => text(await sendRequest(`${baseUrl}${path}`, { method }))

const generations = ({ records }: RunningProxy): InferenceRecord[] =>
  records.filter(({ operation }) => operation === 'responses')

const counted = { provenance: 'provider', input: 40, output: 12, total: 52 }

test('a background response says that it runs, and is complete once its result was fetched, however often', async () => {
  const fetched = { now: response('in_progress') as object }
  const { proxy } = await lend(background(fetched))
  await create(proxy)
  await poll(proxy)
  await proxy.record(2)
  expect(generations(proxy)).toMatchObject([
    { ending: 'running', usage: { provenance: 'missing' }, response: { id: 'resp_a1', state: 'queued' } },
  ])
  fetched.now = completed
  for (let times = 0; times < 3; times++) await poll(proxy)
  await proxy.record(6)
  const [running, complete, ...more] = generations(proxy)
  expect(more).toEqual([])
  expect(running).not.toHaveProperty('output')
  const fetches = proxy.records.filter((record) => record.fetched !== undefined)
  expect(fetches).toHaveLength(4)
  expect(fetches.map((record) => record.usage)).toEqual(Array(4).fill({ provenance: 'missing' }))
  expect(complete).toMatchObject({
    id: running?.id,
    trace: running?.trace,
    context: { threadId: 't-bg' },
    input: running?.input,
    request: running?.request,
    times: { startedAt: running?.times.startedAt },
    output: { kind: 'items', items: [item], finishReason: 'completed' },
    response: { state: 'completed', id: 'resp_a1' },
    usage: counted,
    ending: 'completed',
    completedBy: fetches[1]?.id,
  })
  expect(complete?.times.durationMs).toBeGreaterThan(running?.times.durationMs ?? 0)
  const metrics = await proxy.registry.metrics()
  expect(metrics).toContain('threadtap_generations_total{outcome="open"} 1')
  expect(metrics).toContain('threadtap_generations_total{outcome="completed"} 1')
  expect(metrics).toMatch(/gen_ai_client_token_usage_sum\{.*"input"\} 40/)
  expect(metrics).toMatch(/gen_ai_client_inference_duration_seconds_count\{.*\} 1/)
})

test.skipIf(reportedMissing !== undefined)('reported: 06-responses-background-polling', async () => {
  const read = (name: string) => readReported('06-responses-background-polling', name).toString()
  let polls = 0
  const { proxy } = await lend(({ method }, outgoing) => {
    outgoing.setHeader('content-type', 'application/json')
    if (method === 'POST') return void outgoing.end(read('bg-create.response.json'))
    polls += 1
    outgoing.end(read(polls === 1 ? 'bg-poll1.response.json' : 'bg-poll2.response.json'))
  })
  await create(proxy, JSON.parse(read('bg-create.request.json')))
  for (let times = 0; times < 4; times++) await poll(proxy)
  await proxy.record(6)
  const tokens = proxy.records.flatMap(({ usage: u }) => (u.provenance === 'missing' ? [] : [u.total]))
  expect(tokens).toEqual([52])
  expect(generations(proxy).map(({ ending }) => ending)).toEqual(['running', 'completed'])
})

test('polls at once complete it once', async () => {
  const { proxy } = await lend(background({ now: completed }))
  await create(proxy)
  await Promise.all(Array.from({ length: 20 }, () => poll(proxy)))
  await proxy.record(22)
  expect(generations(proxy).map(({ ending }) => ending)).toEqual(['running', 'completed'])
})

test('a stream that is resumed completes it', async () => {
  const events = [
    { type: 'response.created', response: response('in_progress') },
    { type: 'response.completed', response: completed },
  ]
  const { proxy } = await lend(({ method }, outgoing) => {
    if (method === 'POST') return void outgoing.end(JSON.stringify(response('queued')))
    outgoing.setHeader('content-type', 'text/event-stream')
    outgoing.end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''))
  })
  await create(proxy)
  await poll(proxy, '/responses/resp_a1?stream=true&starting_after=2')
  await proxy.record(3)
  expect(generations(proxy)[1]).toMatchObject({ usage: counted, output: { items: [item] } })
})

test('a background stream whose client leaves goes on, and what it had is replaced by the result', async () => {
  const fetched = { now: completed }
  const { proxy } = await lend((request, outgoing) => {
    if (request.method !== 'POST') return background(fetched)(request, outgoing)
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    outgoing.write(
      `data: ${JSON.stringify({ type: 'response.created', response: response('in_progress') })}\n\n`,
    )
    outgoing.write('data: {"type":"response.output_text.delta","output_index":0,"delta":"BLUE"}\n\n')
  })
  const outgoing = httpRequest(`${proxy.baseUrl}/responses`, { method: 'POST', agent: false })
  outgoing.on('error', () => undefined).end('{"model":"m","input":"x","background":true,"stream":true}')
  await new Promise<void>((resolve) =>
    outgoing.on('response', (incoming) => {
      incoming.on('error', () => undefined)
      let seen = ''
      incoming.on('data', (chunk) => {
        seen += chunk
        if (seen.includes('BLUE')) resolve()
      })
    }),
  )
  outgoing.destroy()
  await proxy.record(1)
  expect(proxy.records[0]).toMatchObject({ ending: 'running', output: { items: [{ type: 'message' }] } })
  expect(proxy.records[0]).not.toHaveProperty('error')
  await poll(proxy)
  await proxy.record(3)
  expect(generations(proxy)[1]).toMatchObject({
    ending: 'completed',
    usage: counted,
    output: { items: [item] },
  })
})

test.each([
  [
    'failed',
    'GET',
    '/responses/resp_a1',
    { error: { code: 'server_error', message: 'Sorry' } },
    'server_error',
  ],
  ['cancelled', 'POST', '/responses/resp_a1/cancel', { usage }, 'response_cancelled'],
])('one that has %s is complete, too', async (status, method, path, more, type) => {
  const { proxy } = await lend((request, outgoing) => {
    const isCreate = request.url === '/v1/responses'
    outgoing.end(JSON.stringify(isCreate ? response('queued') : response(status, more)))
  })
  await create(proxy)
  await poll(proxy, path, method)
  await proxy.record(3)
  expect(generations(proxy)[1]).toMatchObject({
    ending: 'error_in_stream',
    error: { type },
    response: { state: status },
  })
})

test('it is complete when the upstream says so, not when somebody asked', async () => {
  const fetched: { now: object } = { now: completed }
  const { proxy } = await lend(background(fetched))
  await create(proxy)
  const running = await proxy.record(1)
  fetched.now = { ...completed, completed_at: Math.ceil(running.times.startedAt / 1000) - 60 }
  await poll(proxy)
  await proxy.record(3)
  const [, complete] = generations(proxy)
  expect(complete?.times.durationMs).toBe(running.times.durationMs + 1)
})

test('what was never begun here completes nothing, nor does a response that was complete at once', async () => {
  const { proxy } = await lend((_request, outgoing) => {
    outgoing.end(JSON.stringify({ ...completed, background: false }))
  })
  await poll(proxy)
  await create(proxy, { background: false })
  await poll(proxy)
  await proxy.record(3)
  await proxy.stop()
  expect(generations(proxy)).toMatchObject([{ ending: 'completed', usage: counted }])
  expect(proxy.records).toHaveLength(3)
})

test('after a restart the result still completes what was begun before', async () => {
  const dir = { DATA_DIR: tempDir() }
  const { upstream, proxy } = await lend(background({ now: completed }), dir)
  await create(proxy)
  const running = await proxy.record(1)
  await proxy.stop()
  const again = await lendProxy(upstream.origin, dir)
  for (let times = 0; times < 2; times++) await poll(again)
  await again.record(3)
  expect(generations(again)).toMatchObject([{ id: running.id, usage: counted, input: 'Kites?' }])
  await again.stop()
  const third = await lendProxy(upstream.origin, dir)
  await poll(third)
  await third.stop()
  expect(generations(third)).toEqual([])
})

test('whichever process with the same Redis sees the result completes it, and no other', async () => {
  const { redisUrl, prefix } = testQueue()
  const queue = { REDIS_URL: redisUrl, QUEUE_PREFIX: prefix }
  const { upstream, proxy } = await lend(background({ now: completed }), { ...queue, DATA_DIR: tempDir() })
  const other = await lendProxy(upstream.origin, queue)
  await create(proxy)
  await proxy.record(1)
  await poll(other)
  await until(() => generations(other).length > 0)
  await poll(proxy)
  await poll(other)
  await Promise.all([proxy.stop(1_000), other.stop(1_000)])
  expect(generations(other)).toMatchObject([{ usage: counted, context: { threadId: 't-bg' } }])
  expect(generations(proxy).map(({ ending }) => ending)).toEqual(['running'])
})

test('while Redis is away the process that began it completes it', async () => {
  const { proxy } = await lend(background({ now: completed }), { REDIS_URL: 'redis://127.0.0.1:1' })
  await create(proxy)
  await poll(proxy)
  await until(() => generations(proxy).length === 2)
  expect(generations(proxy)[1]).toMatchObject({ usage: counted })
})

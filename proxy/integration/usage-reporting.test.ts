import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { type Answer, answerJson, answerStream, chatEvents } from '../../shared/testing/fake-upstream.ts'
import { readReported, reportedMissing } from '../../shared/testing/reported.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { lend, lendProxy, sendRequest } from '../testing/lend.ts'
import type { RunningProxy } from '../testing/running-proxy.ts'

const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 }
const [withUsage, without] = [chatEvents(['Hel', 'lo'], usage), chatEvents(['Hel', 'lo'])]
const body = '{"model":"m","stream":true,"messages":[{"role":"user","content":"Say hello."}]}'
const auto = { INJECT_USAGE: 'auto' }

const isAsked = (request: { readonly body: Buffer }): boolean => request.body.includes('include_usage":true')

/** As OpenAI does: a usage frame where it is asked for. */
const onRequest: Answer = (request, outgoing) =>
  answerStream(isAsked(request) ? withUsage : without)(request, outgoing)

const chat = async (proxy: RunningProxy, request = body): Promise<string> =>
  text(await sendRequest(`${proxy.baseUrl}/chat/completions`, { method: 'POST' }, request))

/** Sends one call after the other, each when the record of the one before is there. */
async function chatInTurn(proxy: RunningProxy, calls: number, request = body): Promise<string[]> {
  const received: string[] = []
  for (let call = 0; call < calls; call++) {
    const before = proxy.records.length
    received.push(await chat(proxy, request))
    await proxy.record(before + 1)
  }
  return received
}

const provenances = ({ records }: RunningProxy): string[] =>
  records.map(({ usage: { provenance } }) => provenance)

test('an upstream that reports usage on request is asked from the second call on; only the first has none', async () => {
  const { upstream, proxy } = await lend(onRequest, auto)
  expect(new Set(await chatInTurn(proxy, 3))).toEqual(new Set([without.join('')]))
  expect(upstream.requests.map(isAsked)).toEqual([false, true, true])
  expect(provenances(proxy)).toEqual(['missing', 'provider', 'provider'])
  expect(proxy.records[0]).toMatchObject({ ending: 'completed', input: [{ content: 'Say hello.' }] })
  expect(upstream.requests[0]?.body.toString()).toBe(body)
})

test('an upstream that sends usage anyway is never asked, and loses nothing of it', async () => {
  const { upstream, proxy } = await lend(answerStream(withUsage), auto)
  expect(new Set(await chatInTurn(proxy, 3))).toEqual(new Set([withUsage.join('')]))
  expect(upstream.requests.map(isAsked)).toEqual([false, false, false])
  expect(provenances(proxy)).toEqual(['provider', 'provider', 'provider'])
})

test.skipIf(reportedMissing !== undefined)('reported: 05-always-sent-usage-frame-is-cut', async () => {
  const [request, stream] = ['request.json', 'stream.sse'].map((file) =>
    readReported('05-always-sent-usage-frame-is-cut', file).toString(),
  ) as [string, string]
  const { proxy } = await lend(answerStream([stream]), auto)
  expect(await chatInTurn(proxy, 2, request)).toEqual([stream, stream])
  expect(provenances(proxy)).toEqual(['provider', 'provider'])
})

test('of a hundred first calls at once few are not asked, and all others are as ever', async () => {
  const { upstream, proxy } = await lend(onRequest, auto)
  const received = await Promise.all(Array.from({ length: 100 }, () => chat(proxy)))
  expect(new Set(received)).toEqual(new Set([without.join('')]))
  await proxy.record(100)
  const unasked = upstream.requests.filter((request) => !isAsked(request)).length
  expect(unasked).toBeGreaterThanOrEqual(1)
  // Those that began before the first one had ended.
  expect(unasked).toBeLessThan(100)
  expect(provenances(proxy).filter((provenance) => provenance === 'missing')).toHaveLength(unasked)
})

test('each model is learned by itself', async () => {
  const { upstream, proxy } = await lend(
    (request, outgoing) =>
      answerStream(request.body.includes('"llama"') ? withUsage : without)(request, outgoing),
    auto,
  )
  for (const model of ['llama', 'm', 'llama', 'm'])
    await chatInTurn(proxy, 1, body.replace('"m"', `"${model}"`))
  expect(upstream.requests.map(isAsked)).toEqual([false, false, false, true])
})

test('chat and text completions of a model are learned apart, and a model in the path is one', async () => {
  const { upstream, proxy } = await lend(onRequest, auto)
  const unnamed = body.replace('"model":"m",', '')
  for (const [path, request] of [
    ['/chat/completions', body],
    ['/completions', body.replace('messages', 'prompt')],
    ['/deployments/a/chat/completions', unnamed],
    ['/deployments/b/chat/completions', unnamed],
    ['/deployments/a/chat/completions', unnamed],
  ] as const) {
    const before = proxy.records.length
    await text(await sendRequest(`${proxy.baseUrl}${path}`, { method: 'POST' }, request))
    await proxy.record(before + 1)
  }
  expect(upstream.requests.map(isAsked)).toEqual([false, false, false, false, true])
})

describe('an upstream that changes other frames when it is asked', () => {
  const usageInEach = without.map((event) =>
    event.replace('"choices"', `"usage":${JSON.stringify(usage)},"choices"`),
  )
  const withStats = withUsage.map((event) =>
    event.replace('"choices":[{', '"stats":{"queue":1},"choices":[{'),
  )
  const withoutId = withUsage.map((event) => event.replace('"id":"chatcmpl-1",', ''))

  test.each([
    ['usage in each of them', usageInEach],
    ['a field of its own', withStats],
    ['a field less', withoutId],
  ])('(%s) is asked once, and not again', async (_what, odd) => {
    const { upstream, proxy } = await lend(
      (request, outgoing) => answerStream(isAsked(request) ? odd : without)(request, outgoing),
      auto,
    )
    const received = await chatInTurn(proxy, 4)
    expect(upstream.requests.map(isAsked)).toEqual([false, true, false, false])
    expect(received.filter((stream) => stream !== without.join(''))).toHaveLength(1)
    expect(await proxy.registry.metrics()).toContain(
      'threadtap_usage_reporting_pairs{reporting="alters_frames"} 1',
    )
  })

  test('is found out by a client that asks itself, too', async () => {
    const { upstream, proxy } = await lend(
      (request, outgoing) => answerStream(isAsked(request) ? usageInEach : without)(request, outgoing),
      auto,
    )
    const asking = body.replace('"stream":true', '"stream":true,"stream_options":{"include_usage":true}')
    for (const request of [body, asking, body]) await chatInTurn(proxy, 1, request)
    expect(upstream.requests.map(isAsked)).toEqual([false, true, false])
  })
})

test('"usage":null in every frame, as OpenAI has it when asked, is no such change', async () => {
  const withNull = withUsage.map((event) =>
    event.includes('"usage"') ? event : event.replace('"choices"', '"usage":null,"choices"'),
  )
  const { upstream, proxy } = await lend(
    (request, outgoing) => answerStream(isAsked(request) ? withNull : without)(request, outgoing),
    auto,
  )
  await chatInTurn(proxy, 3)
  expect(upstream.requests.map(isAsked)).toEqual([false, true, true])
})

test('an upstream that refuses the option is remembered, and usage that it sends anyway stays', async () => {
  const refusing: Answer = (request, outgoing) =>
    (isAsked(request)
      ? answerJson({ error: { message: 'unknown: stream_options' } }, 400)
      : answerStream(without))(request, outgoing)
  const { upstream, proxy } = await lend(refusing, auto)
  await chatInTurn(proxy, 3)
  expect(upstream.requests.map(isAsked)).toEqual([false, true, false, false])
  expect(await proxy.registry.metrics()).toContain(
    'threadtap_usage_reporting_pairs{reporting="rejects_option"} 1',
  )
})

test('no call is sent to learn where its usage could not be estimated', async () => {
  for (const env of [{ CAPTURE_CONTENT: 'lengths' }, { CAPTURE_MAX_BYTES: '50' }]) {
    const { upstream, proxy } = await lend(onRequest, { ...auto, ...env })
    await chatInTurn(proxy, 2)
    expect(upstream.requests.map(isAsked)).toEqual([true, true])
    expect(provenances(proxy)).toEqual(['provider', 'provider'])
  }
})

test('a stream that breaks off says nothing: the next call tries again', async () => {
  const { upstream, proxy } = await lend((_request, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    outgoing.write(without[0], () => outgoing.destroy())
  }, auto)
  await expect(chat(proxy)).rejects.toThrow()
  await proxy.record(1)
  upstream.answer = onRequest
  await chatInTurn(proxy, 2)
  expect(upstream.requests.map(isAsked)).toEqual([false, false, true])
})

describe('INJECT_USAGE', () => {
  test.each([
    ['always', [true, true]],
    ['never', [false, false]],
    ['never,default=always', [true, true]],
    ['always,default=never', [false, false]],
  ])('%s decides without learning', async (mode, asked) => {
    const { upstream, proxy } = await lend(onRequest, { INJECT_USAGE: mode })
    await chatInTurn(proxy, 2)
    expect(upstream.requests.map(isAsked)).toEqual(asked)
    expect(await proxy.registry.metrics()).toContain('threadtap_usage_tries_total 0')
  })

  test('never passes usage that comes anyway', async () => {
    const { proxy } = await lend(answerStream(withUsage), { INJECT_USAGE: 'auto,default=never' })
    expect(await chat(proxy)).toBe(withUsage.join(''))
  })
})

describe('what was learned', () => {
  test('holds after a restart, for the same base URL under any name', async () => {
    const dir = { DATA_DIR: tempDir() }
    const { upstream, proxy } = await lend(answerStream(withUsage), { ...auto, ...dir })
    await chatInTurn(proxy, 1)
    await proxy.stop()
    const again = await lendProxy('http://127.0.0.1:9', {
      ...auto,
      ...dir,
      UPSTREAMS: `local=${upstream.origin}/v1`,
    })
    const call = { method: 'POST' }
    await text(await sendRequest(`${again.origin}/local/v1/chat/completions`, call, body))
    expect(upstream.requests.map(isAsked)).toEqual([false, false])
    expect(await again.registry.metrics()).toContain('threadtap_usage_tries_total 0')
    expect(await again.registry.metrics()).toContain(
      'threadtap_usage_reporting_pairs{reporting="unsolicited"} 1',
    )
  })

  test('is shared by processes with the same Redis', async () => {
    const { testQueue } = await import('../../shared/testing/test-queue.ts')
    const { redisUrl, prefix } = testQueue()
    const queue = { ...auto, REDIS_URL: redisUrl, QUEUE_PREFIX: prefix }
    const { upstream, proxy } = await lend(onRequest, queue)
    await chatInTurn(proxy, 1)
    const other = await lendProxy(upstream.origin, queue)
    const known = 'threadtap_usage_reporting_pairs{reporting="on_request"} 1'
    await until(async () => (await other.registry.metrics()).includes(known))
    await chatInTurn(other, 1)
    expect(upstream.requests.map(isAsked)).toEqual([false, true])
  })

  test('is learned all the same while Redis is away', async () => {
    const { upstream, proxy } = await lend(onRequest, { ...auto, REDIS_URL: 'redis://127.0.0.1:1' })
    await chatInTurn(proxy, 2)
    expect(upstream.requests.map(isAsked)).toEqual([false, true])
  })
})

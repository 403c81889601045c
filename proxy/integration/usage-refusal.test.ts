import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type Answer, answerJson, answerStream, chatEvents } from '../../shared/testing/fake-upstream.ts'
import { lend, sendRequest } from '../testing/lend.ts'

const original = '{ "model": "m", "seed": 15092511270073158000, "stream": true }'
const refusal = { error: { message: 'Unrecognized request argument supplied: stream_options', code: null } }
const stream = chatEvents(['hi'])

/** Rejects requests with stream_options, streams everything else. */
const refusing =
  (refuse: Answer = answerJson(refusal, 400)): Answer =>
  (request, outgoing) =>
    (request.body.includes('stream_options') ? refuse : answerStream(stream))(request, outgoing)

const chat = (baseUrl: string, body = original, headers: Record<string, string> = {}) =>
  sendRequest(`${baseUrl}/chat/completions`, { method: 'POST', headers }, body)

const metric = async (registry: { metrics(): Promise<string> }, name: string): Promise<string[]> =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith(name))

test.each([
  ['400', answerJson(refusal, 400)],
  ['422', answerJson({ detail: [{ loc: ['body', 'stream_options'], msg: 'extra fields' }] }, 422)],
  [
    'a compressed 400',
    ((_request, outgoing) => {
      outgoing.writeHead(400, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(refusal)))
    }) satisfies Answer,
  ],
])(
  'an upstream that rejects stream_options with %s gets the original request, unseen by the client',
  async (_what, refuse) => {
    const { upstream, proxy } = await lend(refusing(refuse))
    const incoming = await chat(proxy.baseUrl, original, { 'accept-encoding': 'gzip, zstd' })
    expect([incoming.statusCode, await text(incoming)]).toEqual([200, stream.join('')])
    expect(upstream.requests).toHaveLength(2)
    expect(upstream.requests[1]?.body.toString()).toBe(original)
    expect(upstream.requests[1]?.headers).toMatchObject({
      'content-length': String(original.length),
      'accept-encoding': 'gzip, zstd',
    })
    const record = await proxy.record(1)
    expect(record).toMatchObject({
      ending: 'completed',
      id: incoming.headers['x-call-id'],
      response: { status: 200 },
      request: { bodyBytes: original.length, usageOption: 'rejected' },
      output: { choices: [{ content: 'hi' }] },
      usage: { provenance: 'missing' },
    })
    expect(record).not.toHaveProperty('error')
    expect(proxy.records).toHaveLength(1)
  },
)

test('a refusal is remembered for its model: the next request is sent unchanged, and other models still get the option', async () => {
  const { upstream, proxy } = await lend(refusing())
  for (const body of [original, original, original.replace('"m"', '"n"')]) {
    await text(await chat(proxy.baseUrl, body))
  }
  const injected = upstream.requests.map(({ body }) => body.includes('stream_options'))
  expect(injected).toEqual([true, false, false, true, false])
  expect(await metric(proxy.registry, 'threadtap_usage_refusals_total{')).toEqual([
    'threadtap_usage_refusals_total{upstream="default"} 2',
  ])
})

test('a usage frame in the response to the original request reaches the client', async () => {
  const withUsage = chatEvents(['hi'], { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 })
  const { proxy } = await lend((request, outgoing) =>
    (request.body.includes('stream_options') ? answerJson(refusal, 400) : answerStream(withUsage))(
      request,
      outgoing,
    ),
  )
  expect(await text(await chat(proxy.baseUrl))).toBe(withUsage.join(''))
})

test.each([
  ['400 for another reason', answerJson({ error: { message: 'max_tokens is too large' } }, 400), 400],
  ['429', answerJson({ error: { message: 'stream_options' } }, 429), 429],
])(
  'an upstream that responds with %s gets no second request, and the client gets its response',
  async (_what, answer, status) => {
    const { upstream, proxy } = await lend(answer)
    const incoming = await chat(proxy.baseUrl)
    const body = await text(incoming)
    expect(incoming.statusCode).toBe(status)
    expect(incoming.headers['content-length']).toBe(String(body.length))
    expect(upstream.requests).toHaveLength(1)
    expect(await proxy.record(1)).toMatchObject({ ending: 'upstream_error', response: { status } })
  },
)

test('an error that only quotes the request reaches the client, and is not remembered as a refusal', async () => {
  const { upstream, proxy } = await lend((request, outgoing) =>
    answerJson({ error: { message: 'bad', input: request.body.toString() } }, 422)(request, outgoing),
  )
  for (const _ of [1, 2]) {
    const incoming = await chat(proxy.baseUrl)
    expect(incoming.statusCode).toBe(422)
    expect(JSON.parse(await text(incoming)).error.input).toBe(original)
  }
  expect(upstream.requests).toHaveLength(4)
})

test('an error body over the limit passes through as it comes', async () => {
  const part = Buffer.alloc(40_000, 'x')
  let finish: () => void = () => undefined
  const { proxy } = await lend(async (_request, outgoing) => {
    outgoing.writeHead(400, { 'content-type': 'text/plain' })
    outgoing.write(part)
    outgoing.write(part)
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    outgoing.end('stream_options')
  })
  const incoming = await chat(proxy.baseUrl)
  expect(incoming.statusCode).toBe(400)
  finish()
  expect((await text(incoming)).length).toBe(80_000 + 'stream_options'.length)
})

test('an upstream that closes within its refusal breaks the client connection', async () => {
  const { proxy } = await lend((_request, outgoing) => {
    outgoing.writeHead(400, { 'content-length': '100' })
    outgoing.write('{"error":"stream_options', () => outgoing.destroy())
  })
  await expect(chat(proxy.baseUrl).then(text)).rejects.toThrow()
  expect(await proxy.record(1)).toMatchObject({ ending: 'upstream_error', response: { status: 400 } })
})

test('a client that closes before the second response aborts the second request', async () => {
  const { upstream, proxy } = await lend(refusing())
  upstream.answer = (request, outgoing) =>
    request.body.includes('stream_options') ? answerJson(refusal, 400)(request, outgoing) : undefined
  const aborted = upstream.nextAbort()
  const outgoing = httpRequest(`${proxy.baseUrl}/chat/completions`, { method: 'POST', agent: false })
  outgoing.on('error', () => undefined).end(original)
  while (upstream.requests.length < 2) await new Promise((resolve) => setImmediate(resolve))
  outgoing.destroy()
  await aborted
  expect(await proxy.record(1)).toMatchObject({ ending: 'client_closed' })
})

test('a client that closes within the refusal causes no second request', async () => {
  let finish: () => void = () => undefined
  const { upstream, proxy } = await lend((_request, outgoing) => {
    outgoing.writeHead(400, { 'content-type': 'application/json' })
    outgoing.write('{"error":')
    finish = () => void outgoing.end('"stream_options"}')
  })
  const outgoing = httpRequest(`${proxy.baseUrl}/chat/completions`, { method: 'POST', agent: false })
  outgoing.on('error', () => undefined).end(original)
  while (upstream.requests.length < 1) await new Promise((resolve) => setImmediate(resolve))
  outgoing.destroy()
  expect(await proxy.record(1)).toMatchObject({ ending: 'client_closed' })
  finish()
  expect(upstream.requests).toHaveLength(1)
})

import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { errors } from 'undici'
import { expect, test } from 'vitest'
import { fakeController } from '../testing/fake-controller.ts'
import { lendResponse } from '../testing/lend-response.ts'
import { Exchange } from './exchange.ts'
import type { RelayedCall } from './relayed-call.ts'

const upstream = { name: 'default', origin: 'http://a', basePath: '/v1', provider: 'openai' }

async function exchange(more: Partial<RelayedCall> = {}) {
  const { incoming, outgoing, client, received } = await lendResponse()
  const ends: unknown[] = []
  const observed: unknown[] = []
  const subject = new Exchange({
    incoming,
    outgoing,
    upstream,
    path: '/v1/models',
    request: { headers: [], body: null },
    extraHeaders: () => ['x-call-id', 'c'],
    tap: {
      responseHead: (status) => void observed.push(status),
      responseData: (chunk) => void observed.push(chunk.toString()),
    },
    onEnd: (end, cutFrames) => void ends.push([end.kind, cutFrames]),
    ...more,
  })
  return { subject, outgoing, client, received, ends, observed }
}

test('relays head, body and trailers, and ends once', async () => {
  const { subject, received, ends, observed } = await exchange()
  const controller = fakeController([
    'X-B',
    'caf\xe9',
    'x-b',
    '2',
    'Trailer',
    'X-Sum',
    'Transfer-Encoding',
    'chunked',
  ])
  subject.onRequestStart(controller)
  subject.onResponseStart(controller, 201, {}, 'Made')
  subject.onResponseData(controller, Buffer.from('body'))
  controller.rawTrailers = [Buffer.from('X-Sum'), Buffer.from('1')]
  subject.onResponseEnd(controller)
  subject.onResponseError(controller, new Error('late'))
  expect(await received()).toMatch(
    /^HTTP\/1\.1 201 Made\r\nX-B: caf\xe9\r\nx-b: 2\r\nTrailer: X-Sum\r\nx-call-id: c\r\n[\s\S]*\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n$/,
  )
  expect(ends).toEqual([['relayed', undefined]])
  expect(observed).toEqual([201, 'body'])
})

test('responds with 502 and our ids to an error before the response', async () => {
  const body = new PassThrough()
  const { subject, received, ends } = await exchange({ request: { headers: [], body } })
  subject.onResponseError(undefined, new errors.SocketError('other side closed'))
  expect(await received()).toMatch(/^HTTP\/1\.1 502 .*x-call-id: c.*"code":"upstream_closed"/s)
  expect(ends).toEqual([['no_response', undefined]])
  expect(body.destroyed).toBe(true)
})

test('reports a timeout as one, before and within the response', async () => {
  const before = await exchange()
  before.subject.onResponseError(undefined, new errors.HeadersTimeoutError())
  expect(before.ends).toEqual([['timed_out', undefined]])
  const within = await exchange()
  within.subject.onResponseStart(fakeController(), 200, {})
  within.subject.onResponseError(undefined, new errors.BodyTimeoutError())
  expect(within.ends).toEqual([['timed_out', undefined]])
})

test('breaks the client connection on an error within the response', async () => {
  const { subject, received, ends } = await exchange()
  const controller = fakeController(['Content-Length', '10'])
  subject.onResponseStart(controller, 200, {})
  subject.onResponseData(controller, Buffer.from('half'))
  subject.onResponseError(controller, new errors.SocketError('other side closed'))
  expect(await received()).toMatch(/\r\n\r\nhalf$/)
  expect(ends).toEqual([['upstream_closed', undefined]])
})

test('aborts the request when the client closes, and ignores what still comes', async () => {
  const { subject, ends, observed } = await exchange()
  const controller = fakeController()
  subject.onRequestStart(controller)
  subject.clientClosed()
  subject.clientClosed()
  subject.onResponseStart(controller, 200, {})
  subject.onResponseData(controller, Buffer.from('x'))
  subject.onResponseEnd(controller)
  expect(controller.reason).toBeInstanceOf(errors.RequestAbortedError)
  expect([ends, observed]).toEqual([[['client_closed', undefined]], []])
})

test('aborts a request that starts after the client has closed', async () => {
  const { subject } = await exchange()
  const controller = fakeController()
  subject.clientClosed()
  subject.onRequestStart(controller)
  expect(controller.calls).toEqual(['abort'])
})

test('pauses the upstream while the client does not read, and resumes it when it does', async () => {
  const { subject, outgoing, client } = await exchange()
  const controller = fakeController(['Content-Length', '100000000'])
  subject.onResponseStart(controller, 200, {})
  const chunk = Buffer.alloc(1_000_000)
  for (let sent = 0; sent < 100 && !controller.paused; sent++) subject.onResponseData(controller, chunk)
  expect(controller.calls).toEqual(['pause'])
  client.resume()
  await once(outgoing, 'drain')
  expect(controller.calls).toEqual(['pause', 'resume'])
})

test.each([204, 304])(
  'ends a %d without waiting for a body, whatever length it announces',
  async (status) => {
    const { subject, received, ends } = await exchange()
    subject.onResponseStart(fakeController(['Content-Length', '10']), status, {})
    expect(await received()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(ends).toEqual([['relayed', undefined]])
  },
)

test('responds with 502 where the body is in a transfer coding that undici does not decode', async () => {
  const { subject, received, ends } = await exchange()
  const controller = fakeController(['Transfer-Encoding', 'gzip, chunked'])
  subject.onRequestStart(controller)
  subject.onResponseStart(controller, 200, {})
  expect(await received()).toMatch(/^HTTP\/1\.1 502 .*"code":"upstream_protocol_error"/s)
  expect(controller.calls).toEqual(['abort'])
  expect(ends).toEqual([['no_response', undefined]])
})

const injected = { originalRequest: () => ({ headers: [], body: null }) }
const stream = ['Content-Type', 'text/event-stream']
const usage = 'data: {"choices":[],"usage":{"total_tokens":2}}\n\n'

test('cuts the usage frame where usage was injected, and reports how many', async () => {
  const { subject, received, ends } = await exchange(injected)
  const controller = fakeController(stream)
  subject.onResponseStart(controller, 200, {})
  subject.onResponseData(controller, Buffer.from(`${usage}data: [DONE]\n\n`))
  subject.onResponseEnd(controller)
  expect(await received()).not.toContain('usage')
  expect(ends).toEqual([['relayed', 1]])
})

test('cuts nothing after a refusal, and reports the status of the original request', async () => {
  const refused: number[] = []
  const { subject, received, ends } = await exchange({
    ...injected,
    onUsageRefused: (status) => void refused.push(status),
  })
  const controller = fakeController(stream)
  subject.usageRefused()
  subject.onResponseStart(controller, 200, {})
  subject.onResponseData(controller, Buffer.from(usage))
  subject.onResponseEnd(controller)
  expect(await received()).toContain('usage')
  expect(refused).toEqual([200])
  expect(ends).toEqual([['relayed', undefined]])
})

test('hands an upgraded connection over, and ends when its tunnel does', async () => {
  const socket = new PassThrough()
  const { subject, ends } = await exchange({
    onUpgrade(head, upgraded, onEnd) {
      expect(head.byName['sec-websocket-accept']).toBe('yes')
      expect(upgraded).toBe(socket)
      onEnd({ kind: 'relayed' })
    },
  })
  subject.onRequestUpgrade(fakeController(['Sec-WebSocket-Accept', 'yes']), 101, {}, socket)
  expect(ends).toEqual([['relayed', undefined]])
})

test('closes a connection that is upgraded after the client has closed', async () => {
  const { subject } = await exchange({ onUpgrade: () => expect.unreachable() })
  const socket = new PassThrough()
  subject.clientClosed()
  subject.onRequestUpgrade(fakeController(), 101, {}, socket)
  expect(socket.destroyed).toBe(true)
})

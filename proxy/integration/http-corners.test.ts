import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { answerJson } from '../../shared/testing/fake-upstream.ts'
import { lendRawUpstream } from '../../shared/testing/raw-upstream.ts'
import { lend, lendProxy, sendRaw, sendRequest } from '../testing/lend.ts'

test('a client that expects 100 Continue gets it, and the expectation is not forwarded', async () => {
  const { upstream, proxy } = await lend()
  const outgoing = httpRequest(`${proxy.baseUrl}/chat/completions`, {
    method: 'POST',
    agent: false,
    headers: { expect: '100-continue', 'content-length': 13 },
  })
  outgoing.flushHeaders()
  await once(outgoing, 'continue')
  outgoing.end('{"model":"m"}')
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  expect(await text(incoming)).toBe('{"ok":true}')
  expect(upstream.requests[0]?.body.toString()).toBe('{"model":"m"}')
  expect(upstream.requests[0]?.headers).not.toHaveProperty('expect')
})

test('response trailers reach the client', async () => {
  const { proxy } = await lend((_request, outgoing) => {
    outgoing.writeHead(200, { trailer: 'x-checksum' })
    outgoing.write('body')
    outgoing.addTrailers({ 'x-checksum': 'abc' })
    outgoing.end()
  })
  const incoming = await sendRequest(`${proxy.baseUrl}/models`)
  expect(await text(incoming)).toBe('body')
  expect(incoming.trailers).toEqual({ 'x-checksum': 'abc' })
})

test.each(['something-else', '', '100-continue, something-else'])(
  'the unknown expectation "%s" is ignored, and the call goes on',
  async (expectation) => {
    const { upstream, proxy } = await lend()
    const response = await sendRaw(
      proxy.origin,
      `POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: ${expectation}\r\nContent-Length: 2\r\n\r\n{}`,
    )
    expect(response).toMatch(/HTTP\/1\.1 200 .*\{"ok":true\}$/s)
    expect(upstream.requests[0]?.headers).not.toHaveProperty('expect')
  },
)

test.each([
  ['without a Host under HTTP/1.0', 'GET /v1/models HTTP/1.0\r\n\r\n'],
  ['with an empty Host', 'GET /v1/models HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'],
])('a request %s is accepted', async (_what, request) => {
  const { proxy } = await lend()
  expect(await sendRaw(proxy.origin, request)).toMatch(/^HTTP\/1\.1 200 /)
})

test.each([
  ['a Host that is no host', 'GET /v1/models HTTP/1.1\r\nHost: a b\r\n\r\n'],
  ['a Host with a path', 'GET /v1/models HTTP/1.1\r\nHost: a/b?c\r\n\r\n'],
  ['the target *', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n'],
])('%s is rejected in OpenAI error shape and counted', async (_what, request) => {
  const { upstream, proxy } = await lend()
  const response = await sendRaw(proxy.origin, request)
  expect(response).toMatch(/^HTTP\/1\.1 400 .*"type":"invalid_request_error".*"code":"ambiguous_request"/s)
  expect(upstream.requests).toEqual([])
  expect(await proxy.registry.metrics()).toContain(
    'threadtap_refused_requests_total{reason="ambiguous_request"} 1',
  )
})

test.each(['/v1/chat/completions', '/v1/files'])(
  'trailers of a request to %s are dropped, and not announced',
  async (path) => {
    const { upstream, proxy } = await lend()
    const response = await sendRaw(
      proxy.origin,
      `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n`,
    )
    expect(response).toMatch(/^HTTP\/1\.1 200 /)
    expect(upstream.requests[0]?.body.toString()).toBe('{}')
    expect(upstream.requests[0]?.headers).not.toHaveProperty('trailer')
  },
)

const chatRequest = (version: string) =>
  `POST /v1/chat/completions HTTP/${version}\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`

test('informational responses are forwarded to clients whose HTTP version has them', async () => {
  const { proxy } = await lend((request, outgoing) => {
    outgoing.writeProcessing()
    outgoing.writeEarlyHints({ link: ['</a>; rel=preload', '</b>; rel=preload'] })
    answerJson({ early: true })(request, outgoing)
  })
  expect(await sendRaw(proxy.origin, chatRequest('1.1'))).toMatch(
    /^HTTP\/1\.1 102 Processing\r\n\r\nHTTP\/1\.1 103 Early Hints\r\nLink: <\/a>; rel=preload, <\/b>; rel=preload\r\n\r\nHTTP\/1\.1 200 .*\{"early":true\}$/s,
  )
  expect(await sendRaw(proxy.origin, chatRequest('1.0'))).toMatch(/^HTTP\/1\.1 200 .*\{"early":true\}$/s)
})

test('an early hint that Node cannot write is dropped alone', async () => {
  const upstream = await lendRawUpstream((_head, socket) => {
    socket.end(
      'HTTP/1.1 103 Early Hints\r\nLink: nonsense\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}',
    )
  })
  const proxy = await lendProxy(upstream.origin)
  expect(await sendRaw(proxy.origin, chatRequest('1.1'))).toMatch(/^HTTP\/1\.1 200 .*\{\}$/s)
})

test('very long header lists pass through both ways', async () => {
  const fields = Array.from({ length: 2_500 }, (_, at) => [`x-${at}`, 'v'] as const)
  const long = 'y'.repeat(12_000)
  const { upstream, proxy } = await lend((_request, outgoing) => {
    outgoing.writeHead(200, fields.flat()).end()
  })
  // Node's default limit in this client would hide fields that the proxy forwards.
  const outgoing = httpRequest(`${proxy.baseUrl}/models`, { agent: false, maxHeaderSize: 65_536 })
  outgoing.maxHeadersCount = 0
  for (const [name, value] of fields.slice(0, 1_200)) outgoing.setHeader(name, value)
  outgoing.setHeader('x-long', long)
  outgoing.end()
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  incoming.resume()
  expect(incoming.headers['x-2499']).toBe('v')
  expect(upstream.requests[0]?.headers).toMatchObject({ 'x-1199': 'v', 'x-long': long })
})

test('a head that is too long is rejected with 431 and reaches no upstream', async () => {
  const { upstream, proxy } = await lend()
  const incoming = await sendRequest(`${proxy.baseUrl}/models`, { headers: { 'x-long': 'y'.repeat(33_000) } })
  expect(incoming.statusCode).toBe(431)
  expect(upstream.requests).toEqual([])
})

const large = 20_000_000

/** Sends the whole body before it reads the response, as simple clients do. */
async function uploadThenRead(url: string): Promise<string> {
  const { port, pathname } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write(`POST ${pathname} HTTP/1.1\r\nHost: a\r\nContent-Length: ${large}\r\n\r\n`)
  const block = randomBytes(1_000_000)
  for (let sent = 0; sent < large; sent += block.length) {
    if (!socket.write(block)) await once(socket, 'drain')
  }
  return String((await once(socket, 'data'))[0])
}

test('a response that comes before the request body is complete reaches the client, which may go on sending', async () => {
  const upstream = await lendRawUpstream((_head, socket) => {
    socket.write('HTTP/1.1 413 Payload Too Large\r\nContent-Length: 9\r\n\r\ntoo large')
  })
  const proxy = await lendProxy(upstream.origin)
  expect(await uploadThenRead(`${proxy.baseUrl}/files`)).toMatch(/^HTTP\/1\.1 413 .*too large$/s)
  expect(await proxy.record(1)).toMatchObject({ ending: 'upstream_error', response: { status: 413 } })
})

test('a client that is still sending learns of an unreachable upstream, and of an unknown path', async () => {
  const { upstream, proxy } = await lend()
  await upstream[Symbol.asyncDispose]()
  expect(await uploadThenRead(`${proxy.baseUrl}/files`)).toMatch(/^HTTP\/1\.1 502 /)
  expect(await uploadThenRead(`${proxy.origin}/nothing`)).toMatch(/^HTTP\/1\.1 404 /)
})

test('a response without length ends with its connection, for an HTTP/1.0 client too', async () => {
  const { upstream, proxy } = await lend((_request, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    outgoing.write('data: 1\n\n')
    outgoing.end('data: [DONE]\n\n')
  })
  const response = await sendRaw(proxy.origin, 'GET /v1/models HTTP/1.0\r\nHost: a\r\n\r\n')
  expect(response).toMatch(/^HTTP\/1\.1 200 /)
  expect(response).toMatch(/\r\n\r\ndata: 1\n\ndata: \[DONE\]\n\n$/)
  expect(upstream.requests).toHaveLength(1)
})

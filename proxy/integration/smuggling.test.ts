import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { connectTo, lend, schemeEnv, schemes, sendRaw, sendRequest } from '../testing/lend.ts'

const post = 'POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n'
const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`

const ambiguous: readonly (readonly [what: string, request: string])[] = [
  ['two Host headers', 'GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'],
  ['no Host header', 'GET /v1/models HTTP/1.1\r\n\r\n'],
  ['an absolute target', 'GET http://evil.example/v1/models HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a target that begins with two slashes', 'GET //evil.example/v1/models HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['the target *', 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ['encoded dot segments', 'GET /v1/%2e%2e/admin HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a fragment in its target', 'GET /v1/models#x HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a backslash in its target', 'GET /v1/..\\admin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ['another version', 'GET /v1/models HTTP/2.0\r\nHost: a\r\n\r\n'],
  ['no version', 'GET /v1/models\r\nHost: a\r\n\r\n'],
  ['length and chunks', `${post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['two different lengths', `${post}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`],
  ['the same length twice', `${post}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`],
  ['a list of lengths', `${post}Content-Length: 3, 3\r\n\r\nabc`],
  ['a length with a sign', `${post}Content-Length: +3\r\n\r\nabc`],
  ['an unknown transfer coding', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  ['a transfer coding before chunked', `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  ['a transfer coding after chunked', `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
  ['chunked twice', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['a quoted transfer coding', `${post}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`],
  ['a control character in its transfer coding', `${post}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`],
  ['a space before the colon', `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`],
  ['a folded transfer coding', `${post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
  [
    'chunks under HTTP/1.0',
    'POST /v1/x HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a folded line', `${post}X-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n`],
  ['a bare line feed', `${post}X-A: 1\nContent-Length: 0\r\n\r\n`],
  ['a bare carriage return', `${post}X-A: 1\rX-B: 2\r\nContent-Length: 0\r\n\r\n`],
  ['a zero byte', `${post}X-A: a\0b\r\nContent-Length: 0\r\n\r\n`],
  ['a field without colon', `${post}foo\r\nContent-Length: 0\r\n\r\n`],
  ['a chunk size that is not a number', `${chunked}zz\r\n\r\n`],
  ['a chunk size with a prefix', `${chunked}0x3\r\nabc\r\n0\r\n\r\n`],
  ['a chunk size that overflows', `${chunked}fffffffffffffffff\r\nabc\r\n0\r\n\r\n`],
  ['chunks that end with line feeds', `${chunked}3\nabc\n0\n\n`],
  ['a line feed in a chunk extension', `${chunked}3;a=\nb\r\nabc\r\n0\r\n\r\n`],
  ['a chunk longer than its size', `${chunked}3\r\nabcXX\r\n0\r\n\r\n`],
  ['a body in a WebSocket handshake', webSocket('Content-Length: 3\r\n', 'abc')],
]

function webSocket(fields: string, body: string): string {
  return `GET /v1/realtime HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${fields}\r\n${body}`
}

test.each(schemes.flatMap((scheme) => ambiguous.map((one) => [scheme, ...one] as const)))(
  'over %s a request with %s is rejected with 400 and reaches no upstream',
  async (scheme, _what, request) => {
    const { upstream, proxy } = await lend(undefined, schemeEnv(scheme))
    // On an open upstream connection a smuggled request would arrive at once.
    await sendRequest(`${proxy.baseUrl}/models`).then(text)
    upstream.requests.length = 0
    // A second request behind it on the same connection must not be answered: where it starts is ambiguous.
    const answers = await sendRaw(
      proxy.origin,
      Buffer.from(`${request}GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n`, 'latin1'),
    )
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400'])
    expect(upstream.requests).toEqual([])
  },
)

test('dots in a query are not path segments', async () => {
  const { upstream, proxy } = await lend()
  expect((await sendRequest(`${proxy.baseUrl}/files?after=/../x`)).statusCode).toBe(200)
  expect(upstream.requests[0]?.url).toBe('/v1/files?after=/../x')
})

test.each(schemes)('CONNECT over %s is not answered and reaches no upstream', async (scheme) => {
  const { upstream, proxy } = await lend(undefined, schemeEnv(scheme))
  expect(await sendRaw(proxy.origin, 'CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('')
  expect(upstream.requests).toEqual([])
})

test('an upload that turns out malformed never reaches the upstream as a complete request', async () => {
  const { upstream, proxy } = await lend()
  const socket = connectTo(proxy.origin)
  socket.write('POST /v1/files HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n')
  socket.resume()
  await once(socket, 'close')
  await proxy.record(1)
  expect(upstream.requests).toEqual([])
})

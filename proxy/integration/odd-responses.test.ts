import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { startProxy } from '../testing/running-proxy.ts'

// Responses that Node's HTTP server does not write; found by `npm run loadtest:fuzz`.

/** The proxy in front of an upstream that responds to every request with these bytes. */
async function lend(answer: string): Promise<{ port: number; baseUrl: string }> {
  const upstream = createServer((socket) => {
    socket
      .on('error', () => {})
      .once('data', () => {
        socket.write(answer, 'latin1')
      })
  })
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const address = upstream.address() as AddressInfo
  const proxy = await startProxy({ UPSTREAM_BASE_URL: `http://127.0.0.1:${address.port}/v1` })
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]()
    upstream.close()
  })
  return { port: Number(new URL(proxy.origin).port), baseUrl: proxy.baseUrl }
}

async function sendRaw(port: number, head: string, body = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket
    .setEncoding('latin1')
    .write(`${head}\r\nHost: h\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  return text(socket)
}

test('header bytes beyond ASCII reach the client unchanged, before a body of unknown length too', async () => {
  const { port } = await lend(
    'HTTP/1.1 200 OK\r\nX-Name: caf\xe9 \xff\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  )
  expect(await sendRaw(port, 'GET /v1/models HTTP/1.1')).toContain('X-Name: caf\xe9 \xff\r\n')
})

test.each(['304 Not Modified', '204 No Content'])(
  'a %s that announces a length reaches the client',
  async (status) => {
    const { baseUrl } = await lend(`HTTP/1.1 ${status}\r\nETag: "a"\r\nContent-Length: 10\r\n\r\n`)
    const outgoing = request(`${baseUrl}/models`, { agent: false }).end()
    const [incoming] = await once(outgoing, 'response')
    incoming.resume()
    await once(incoming, 'end')
    expect(incoming).toMatchObject({ complete: true, headers: { etag: '"a"' } })
  },
)

test('a compressed stream that cannot be decoded still starts with the upstream head', async () => {
  const { port } = await lend(
    'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nwrong',
  )
  const got = await sendRaw(port, 'POST /v1/chat/completions HTTP/1.1', '{"stream":true}')
  expect(got).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Type: text\/event-stream\r\n/)
})

test.each([
  ['Latin-1', 'Gr\xf6\xdfe', /^HTTP\/1\.1 200 Gr.*e\r\n/],
  ['UTF-8', 'caf\xc3\xa9 \xe2\x9c\x93', /^HTTP\/1\.1 200 caf\xc3\xa9 \xe2\x9c\x93\r\n/],
  ['a control character', 'a\x01b', /^HTTP\/1\.1 200 a\?b\r\n/],
])('a status line with %s in its reason phrase reaches the client', async (_what, phrase, expected) => {
  const { port } = await lend(`HTTP/1.1 200 ${phrase}\r\nContent-Length: 2\r\n\r\nok`)
  const got = await sendRaw(port, 'GET /v1/models HTTP/1.1')
  expect(got).toMatch(expected)
  expect(got).toMatch(/ok$/)
})

test.each([
  ['has a length', 'GET /v1/models HTTP/1.1', '200 OK\r\nContent-Length: 2', 'ok'],
  ['is for HEAD', 'HEAD /v1/models HTTP/1.1', '200 OK', ''],
  ['has no content', 'GET /v1/models HTTP/1.1', '204 No Content', ''],
  [
    'is for HTTP/1.0',
    'GET /v1/models HTTP/1.0',
    '200 OK\r\nTransfer-Encoding: chunked',
    '2\r\nok\r\n0\r\n\r\n',
  ],
])(
  'a response that announces trailers and %s, so that none can follow, reaches the client',
  async (_what, request, head, body) => {
    const { port } = await lend(`HTTP/1.1 ${head}\r\nTrailer: X-Sum\r\nX-Kept: 1\r\n\r\n${body}`)
    const got = await sendRaw(port, request)
    expect(got).toContain('X-Kept: 1\r\n')
    expect(got.endsWith(body === '' ? '\r\n\r\n' : '\r\n\r\nok')).toBe(true)
  },
)

test('a field that any of several Connection fields names is not forwarded', async () => {
  const { port } = await lend(
    'HTTP/1.1 200 OK\r\nConnection: X-One\r\nConnection: keep-alive, x-two\r\nX-One: 1\r\nX-Two: 2\r\nX-Three: 3\r\nContent-Length: 2\r\n\r\nok',
  )
  const got = await sendRaw(port, 'GET /v1/models HTTP/1.1')
  expect(got.match(/^X-.*$/gim)?.filter((line) => /one|two|three/i.test(line))).toEqual(['X-Three: 3'])
})

test.each(['gzip, chunked', 'gzip', 'chunked, gzip'])(
  'a response in the transfer coding %s, which is not decoded, becomes a 502',
  async (coding) => {
    const { port } = await lend(`HTTP/1.1 200 OK\r\nTransfer-Encoding: ${coding}\r\n\r\n2\r\nok\r\n0\r\n\r\n`)
    const got = await sendRaw(port, 'GET /v1/models HTTP/1.1')
    expect(got).toMatch(/^HTTP\/1\.1 502 .*"code":"upstream_protocol_error"/s)
  },
)

test('a response with two lengths becomes a 502 protocol error', async () => {
  const { port } = await lend('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok')
  const got = await sendRaw(port, 'GET /v1/models HTTP/1.1')
  expect(got).toMatch(/^HTTP\/1\.1 502 .*"code":"upstream_protocol_error"/s)
})

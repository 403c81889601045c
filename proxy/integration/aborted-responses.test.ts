import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { lendRawUpstream } from '../../shared/testing/raw-upstream.ts'
import { connectTo, lendProxy, schemeEnv, schemes } from '../testing/lend.ts'

// An upstream whose connection breaks within its response: what it sent reaches the client, and then the client's
// connection breaks too.

/** The proxy in front of an upstream that sends these bytes to every request and closes the connection. */
async function lendBreaking(answer: string | Buffer, env: Readonly<Record<string, string>>) {
  const upstream = await lendRawUpstream((_head, socket) => {
    socket.end(answer)
  })
  return lendProxy(upstream.origin, env)
}

function send(origin: string, version: string, body: string) {
  const socket = connectTo(origin).setEncoding('latin1')
  socket.write(
    `POST /v1/chat/completions HTTP/${version}\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  return socket
}

const stream = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'
const asked = '{"stream":true,"stream_options":{"include_usage":true}}'

describe.each(schemes)('over %s', (scheme) => {
  test.each([
    ['its head', `${stream}Content-Length: 500\r\n\r\n`, asked, /Content-Length: 500\r\n[\s\S]*\r\n\r\n$/],
    ['half an event', `${stream}Content-Length: 500\r\n\r\ndata: {"a`, asked, /\r\n\r\ndata: \{"a$/],
    [
      'half an event that might have been the usage frame',
      `${stream}Transfer-Encoding: chunked\r\n\r\n1d\r\ndata: {"choices":[],"usage":{\r\n`,
      '{"stream":true}',
      /\r\n\r\n1d\r\ndata: \{"choices":\[\],"usage":\{\r\n$/,
    ],
  ])('of a truncated response the client gets %s', async (_what, answer, body, expected) => {
    const proxy = await lendBreaking(answer, schemeEnv(scheme))
    expect(await text(send(proxy.origin, '1.1', body))).toMatch(expected)
    expect(await proxy.record(1)).toMatchObject({ ending: 'upstream_closed' })
  })

  test('of a truncated compressed stream the client gets what can be decoded', async () => {
    const bytes = gzipSync('data: {"choices":[{"delta":{"content":"half"}}]}\n\n')
    const head = Buffer.from(`${stream}Content-Encoding: gzip\r\nContent-Length: 500\r\n\r\n`)
    const proxy = await lendBreaking(Buffer.concat([head, bytes.subarray(0, -8)]), schemeEnv(scheme))
    const got = await text(send(proxy.origin, '1.1', '{"stream":true}'))
    expect(got).toContain('\r\ndata: {"choices":[{"delta":{"content":"half"}}]}\n\n\r\n')
    expect(got).not.toMatch(/\r\n0\r\n\r\n$/)
  })

  test('the connection of an HTTP/1.0 client, to which its end would be the end of the response, is reset', async () => {
    const proxy = await lendBreaking(
      `${stream}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`,
      schemeEnv(scheme),
    )
    const socket = send(proxy.origin, '1.0', asked)
    // Over TLS the end lacks its closing alert, which Node does not report; OpenSSL's other users do.
    if (scheme === 'https') expect((await text(socket)).endsWith('abc')).toBe(true)
    else await expect(text(socket)).rejects.toThrow('ECONNRESET')
  })
})

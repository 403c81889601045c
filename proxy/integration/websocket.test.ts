import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { answerJson } from '../../shared/testing/fake-upstream.ts'
import { lendRawUpstream } from '../../shared/testing/raw-upstream.ts'
import { connectTo, lend, lendProxy, resetConnection, schemeEnv, schemes, sendRaw } from '../testing/lend.ts'

const accepted =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: yes\r\n\r\n'

const handshake = (fields = '') =>
  `GET /v1/realtime?model=gpt-realtime HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n${fields}\r\n`

function open(origin: string): Socket {
  const socket = connectTo(origin, { allowHalfOpen: true })
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  return socket
}

/** Reads up to the end of a head; what follows stays in the socket. */
async function readHead(socket: Socket): Promise<string> {
  for (let seen = Buffer.alloc(0); ; ) {
    const [chunk] = await once(socket, 'data')
    seen = Buffer.concat([seen, chunk])
    const end = seen.indexOf('\r\n\r\n')
    if (end < 0) continue
    socket.pause()
    if (seen.length > end + 4) socket.unshift(seen.subarray(end + 4))
    return seen.toString('latin1', 0, end)
  }
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe.each(schemes)('over %s', (scheme) => {
  test('a WebSocket carries any bytes both ways, and its record counts them', async () => {
    const up = randomBytes(3_000_000)
    const down = randomBytes(3_000_000)
    let head = ''
    let received: Promise<Buffer> | undefined
    const upstream = await lendRawUpstream((seen, socket, rest) => {
      head = seen
      socket.unshift(rest)
      socket.write(accepted)
      socket.write(down)
      received = buffer(socket)
    })
    const proxy = await lendProxy(upstream.origin, { UPSTREAM_API_KEY: 'sk-ours', ...schemeEnv(scheme) })
    const client = open(proxy.origin)
    client.write(handshake('x-thread-id: t1\r\nSec-WebSocket-Protocol: realtime\r\n'))
    const response = await readHead(client)
    client.end(up)
    // The upstream closes when it has read everything.
    expect(sha256(await buffer(client))).toBe(sha256(down))
    expect(sha256((await received) ?? Buffer.alloc(0))).toBe(sha256(up))

    expect(response).toMatch(/^HTTP\/1\.1 101 /)
    expect(response).toContain('Sec-WebSocket-Accept: yes')
    expect(response).toMatch(/x-call-id: [0-9a-f]{32}/)
    expect(head).toMatch(/^GET \/v1\/realtime\?model=gpt-realtime HTTP\/1\.1/)
    expect(head).toMatch(/^connection: upgrade\r\nupgrade: websocket/im)
    expect(head).toMatch(/^Sec-WebSocket-Protocol: realtime/m)
    expect(head).toMatch(/^authorization: Bearer sk-ours/m)
    expect(head).not.toContain('x-thread-id')

    expect(await proxy.record(1)).toMatchObject({
      operation: 'relay',
      route: '/v1/realtime',
      ending: 'completed',
      context: { threadId: 't1' },
      request: { bodyBytes: up.length },
      response: { status: 101, bodyBytes: down.length },
      output: { kind: 'media', bytes: down.length },
    })
  })

  test('a message passes through before the next is sent, both ways, even together with the handshake', async () => {
    const upstream = await lendRawUpstream((_head, socket, rest) => {
      socket.write(`${accepted}welcome`)
      socket.unshift(rest)
      socket.pipe(socket)
    })
    const proxy = await lendProxy(upstream.origin, schemeEnv(scheme))
    const client = open(proxy.origin)
    client.write(`${handshake()}early`)
    await readHead(client)
    client.resume()
    let seen = ''
    while (seen.length < 'welcomeearly'.length) seen += String((await once(client, 'data'))[0])
    expect(seen).toBe('welcomeearly')
    client.write('ping')
    expect(String((await once(client, 'data'))[0])).toBe('ping')
  })

  test('a handshake that the upstream rejects gets its response and is recorded as a failed call', async () => {
    const { upstream, proxy } = await lend(
      answerJson({ error: { message: 'no such model', code: 'model_not_found' } }, 404),
      schemeEnv(scheme),
    )
    const response = await sendRaw(proxy.origin, `${handshake()}GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n`)
    expect(response).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/)
    expect(response).toContain('"code":"model_not_found"')
    expect(response).toMatch(/x-call-id: [0-9a-f]{32}/)
    // Bytes after the handshake were meant for the WebSocket, and are not a request.
    expect(response.match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(upstream.requests).toHaveLength(1)
    expect(await proxy.record(1)).toMatchObject({
      ending: 'upstream_error',
      response: { status: 404 },
      error: { type: 'model_not_found' },
    })
  })

  test('a handshake with an unreachable upstream becomes a 502', async () => {
    const { upstream, proxy } = await lend(undefined, schemeEnv(scheme))
    await upstream[Symbol.asyncDispose]()
    const client = open(proxy.origin)
    client.write(handshake())
    const response = await text(client)
    expect(response).toMatch(/^HTTP\/1\.1 502 /)
    expect(response).toContain('upstream_unreachable')
    expect(await proxy.record(1)).toMatchObject({ error: { type: 'upstream_unreachable' } })
  })

  test('a handshake to an unknown upstream is rejected', async () => {
    const { proxy } = await lend(undefined, schemeEnv(scheme))
    expect(await sendRaw(proxy.origin, handshake().replace('/v1/', '/nobody/v1/'))).toMatch(
      /^HTTP\/1\.1 404 /,
    )
  })

  test('a client that closes before the upstream has accepted the handshake aborts it', async () => {
    let onRequest: () => void = () => undefined
    const arrived = new Promise<void>((resolve) => {
      onRequest = resolve
    })
    const upstream = await lendRawUpstream(() => onRequest())
    const proxy = await lendProxy(upstream.origin, schemeEnv(scheme))
    const client = open(proxy.origin)
    client.write(handshake())
    await arrived
    client.end()
    await once(upstream.sockets[0] as Socket, 'close')
    expect(await proxy.record(1)).toMatchObject({ ending: 'client_closed' })
  })

  test('when one side of a WebSocket is reset, the other is closed and the record has which one', async () => {
    const upstream = await lendRawUpstream((_head, socket) => socket.write(accepted))
    const proxy = await lendProxy(upstream.origin, schemeEnv(scheme))
    const leaving = open(proxy.origin)
    leaving.write(handshake())
    await readHead(leaving)
    resetConnection(leaving)
    await once(upstream.sockets[0] as Socket, 'close')
    expect(await proxy.record(1)).toMatchObject({ ending: 'client_closed' })

    const staying = open(proxy.origin)
    staying.write(handshake())
    await readHead(staying)
    upstream.sockets[1]?.resetAndDestroy()
    expect(await text(staying)).toBe('')
    staying.end()
    expect(await proxy.record(2)).toMatchObject({
      ending: 'upstream_closed',
      error: { type: 'upstream_closed' },
    })
  })

  test('stopping lets a WebSocket continue until the deadline, then ends and records it', async () => {
    const upstream = await lendRawUpstream((_head, socket) => {
      socket.write(accepted)
      socket.pipe(socket)
    })
    const proxy = await lendProxy(upstream.origin, schemeEnv(scheme))
    const client = open(proxy.origin)
    client.write(handshake())
    await readHead(client)
    client.resume()
    const stopped = proxy.stop(300)
    client.write('still here')
    expect(String((await once(client, 'data'))[0])).toBe('still here')
    await stopped
    expect(proxy.records).toHaveLength(1)
  })

  test('a request with an unsupported upgrade is answered over HTTP/1.1 with its body, and so is the next', async () => {
    const { upstream, proxy } = await lend(answerJson({ ok: true }), schemeEnv(scheme))
    const h2c =
      'POST /v1/files?x=1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: 200000\r\n\r\n'
    const body = 'x'.repeat(200_000)
    const response = await sendRaw(
      proxy.origin,
      `${h2c}${body}GET /v1/models HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    )
    expect(response.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
    expect(upstream.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1/files?x=1',
      'GET /v1/models',
    ])
    expect(upstream.requests[0]?.body.toString()).toBe(body)
  })
})

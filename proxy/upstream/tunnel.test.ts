import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import type { RelayEnd } from '../tape/relay-end.ts'
import { openTunnel, switchingProtocols } from './tunnel.ts'

/** Both ends of one connection. */
async function connection(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ allowHalfOpen: true })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const [near] = (await once(server, 'connection')) as [Socket]
  for (const socket of [near, far]) socket.on('error', () => undefined)
  onTestFinished(() => {
    for (const socket of [near, far]) socket.destroy()
    server.close()
  })
  return { near, far }
}

async function tunnel(halfClosedMs?: number) {
  const [client, upstream] = await Promise.all([connection(), connection()])
  const bytes = { client: 0, upstream: 0 }
  const ended = new Promise<RelayEnd>((resolve) => {
    openTunnel({
      client: client.near,
      upstream: upstream.near,
      origin: 'http://a',
      onClientData: ({ length }) => {
        bytes.client += length
      },
      onUpstreamData: ({ length }) => {
        bytes.upstream += length
      },
      onEnd: resolve,
      ...(halfClosedMs !== undefined && { halfClosedMs }),
    })
  })
  return { client: client.far, upstream: upstream.far, bytes, ended }
}

test('carries bytes both ways, and ends when both sides have', async () => {
  const { client, upstream, bytes, ended } = await tunnel()
  client.end('question')
  expect(String(await once(upstream, 'data'))).toBe('question')
  upstream.end('response')
  expect(await text(client)).toBe('response')
  expect(await ended).toEqual({ kind: 'relayed' })
  expect(bytes).toEqual({ client: 8, upstream: 8 })
})

test('where one side has ended and the other never does, both are closed', async () => {
  for (const first of ['client', 'upstream'] as const) {
    const { client, upstream, ended } = await tunnel(50)
    const [ending, waiting] = first === 'client' ? [client, upstream] : [upstream, client]
    const closed = once(waiting.resume(), 'end')
    ending.end()
    expect(await ended).toEqual({ kind: 'relayed' })
    await closed
  }
})

test('one that goes on after the other side has ended is not closed', async () => {
  const { client, upstream, ended } = await tunnel(1_000)
  client.end()
  client.setEncoding('utf8')
  for (let parts = 0; parts < 6; parts++) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    upstream.write('.')
  }
  upstream.end()
  expect(await text(client)).toBe('......')
  expect(await ended).toEqual({ kind: 'relayed' })
})

test('a client that resets is reported, and the upstream is closed', async () => {
  const { client, upstream, ended } = await tunnel()
  upstream.resume()
  client.resetAndDestroy()
  expect(await ended).toEqual({ kind: 'client_closed' })
  await once(upstream, 'end')
})

test('an upstream that resets is reported with its error, and the client is closed', async () => {
  const { client, upstream, ended } = await tunnel()
  client.resume().on('end', () => client.end())
  upstream.resetAndDestroy()
  expect(await ended).toMatchObject({ kind: 'upstream_closed', error: { type: 'upstream_closed' } })
})

test('writes the head of a 101 with its fields as Latin-1', () => {
  expect(switchingProtocols(['X-A', 'caf\xe9', 'X-B', '2']).toString('latin1')).toBe(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-A: caf\xe9\r\nX-B: 2\r\n\r\n',
  )
})

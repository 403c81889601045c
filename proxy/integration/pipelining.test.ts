import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { lendRawUpstream } from '../../shared/testing/raw-upstream.ts'
import { connectTo, lend, lendProxy, schemeEnv, schemes, sendRequest } from '../testing/lend.ts'

const get = (path: string, fields = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`
const last = get('/v1/last', 'Connection: close\r\n')
const upgrade = (protocol: string) => `Connection: Upgrade\r\nUpgrade: ${protocol}\r\n`

function open(origin: string): Socket {
  const socket = connectTo(origin)
  onTestFinished(() => void socket.destroy())
  return socket
}

describe.each(schemes)('over %s', (scheme) => {
  test('pipelined requests are forwarded one after the other, and answered in order', async () => {
    const answered: string[] = []
    const { upstream, proxy } = await lend(async ({ url, body }, outgoing) => {
      // A later request would overtake.
      for (let turn = url === '/v1/first' ? 50 : 1; turn > 0; turn--) await new Promise(setImmediate)
      answered.push(url)
      outgoing.end(`${url} ${body}\n`)
    }, schemeEnv(scheme))
    const post = (path: string) => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}`
    const client = open(proxy.origin)
    client.write(post('/v1/first') + post('/v1/chat/completions') + last)
    const received = await text(client)
    expect(received.match(/\/v1\/.*/g)).toEqual(['/v1/first {}', '/v1/chat/completions {}', '/v1/last '])
    expect(answered).toEqual(upstream.requests.map(({ url }) => url))
  })

  test('a pipelined request whose client closes is never forwarded', async () => {
    const upstream = await lendRawUpstream(() => client.destroy())
    const proxy = await lendProxy(upstream.origin, schemeEnv(scheme))
    const client = open(proxy.origin)
    client.write(get('/v1/first') + get('/v1/second'))
    expect(await proxy.record(1)).toMatchObject({ route: '/v1/first', ending: 'client_closed' })
    await proxy.stop()
    expect(upstream.sockets).toHaveLength(1)
    expect(await proxy.registry.metrics()).toContain('threadtap_calls_in_flight 0')
  })

  test('a WebSocket handshake waits for the response of the request ahead of it', async () => {
    const upstream = await lendRawUpstream((head, socket) => {
      if (head.startsWith('GET /v1/first')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst')
      else socket.end(`HTTP/1.1 101 Switching Protocols\r\n${upgrade('websocket')}\r\nhello`)
    })
    const proxy = await lendProxy(upstream.origin, schemeEnv(scheme))
    const client = open(proxy.origin)
    client.write(get('/v1/first') + get('/v1/realtime', upgrade('websocket')))
    expect(await text(client)).toMatch(/^HTTP\/1\.1 200 OK.*first.*HTTP\/1\.1 101 .*hello$/s)
    expect(await proxy.record(2)).toMatchObject({ ending: 'completed', response: { status: 101 } })
  })

  test('a handshake behind a request that closes the connection is ignored', async () => {
    const { upstream, proxy } = await lend(undefined, schemeEnv(scheme))
    const client = open(proxy.origin)
    client.write(get('/v1/../x') + get('/v1/realtime', upgrade('websocket')))
    expect(await text(client)).toMatch(/^HTTP\/1\.1 400 /)
    expect(upstream.requests).toEqual([])
  })

  test('requests with an unsupported upgrade are answered in order', async () => {
    const { proxy } = await lend(({ url }, outgoing) => void outgoing.end(`${url}\n`), schemeEnv(scheme))
    const client = open(proxy.origin)
    const paths = Array.from({ length: 20 }, (_, at) => `/v1/${at}`)
    client.write(paths.map((path) => get(path, upgrade('h2c'))).join('') + last)
    expect((await text(client)).match(/\/v1\/.*/g)).toEqual([...paths, '/v1/last'])
  })

  test('a connection whose request was rejected serves the next one', async () => {
    const { proxy } = await lend(undefined, schemeEnv(scheme))
    const client = open(proxy.origin)
    client.write(`${get('/nothing')}${get('/nobody/v1/models')}${last}`)
    expect((await text(client)).match(/HTTP\/1\.1 \d+/g)).toEqual(
      ['404', '404', '200'].map((status) => `HTTP/1.1 ${status}`),
    )
    expect((await sendRequest(`${proxy.baseUrl}/models`)).statusCode).toBe(200)
  })
})

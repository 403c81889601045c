import { once } from 'node:events'
import { Agent, get, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { Hono } from 'hono'
import { request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { selfSigned } from '../testing/self-signed.ts'
import { honoListener } from './hono-listener.ts'
import { httpPort } from './http-port.ts'

const app = new Hono().get('/', (c) => c.text('here'))
const options = { name: 'data port', host: '127.0.0.1', settings: ['HOST', 'PORT'] as const }

test('an app responds at the URL of the port', async () => {
  const port = httpPort(honoListener(app), { ...options, port: 0 })
  expect(port.listening()).toBe(false)
  await port.start?.()
  onTestFinished(() => port.stop?.(AbortSignal.abort()))
  expect(port.listening()).toBe(true)
  expect(await (await request(port.url())).body.text()).toBe('here')
})

test('an address in use is named when starting fails', async () => {
  const first = httpPort(honoListener(app), { ...options, port: 0 })
  await first.start?.()
  onTestFinished(() => first.stop?.(AbortSignal.abort()))
  const port = Number(new URL(first.url()).port)
  await expect(httpPort(honoListener(app), { ...options, port }).start?.()).rejects.toThrow(
    `the data port cannot listen on 127.0.0.1:${port}, which another process has (EADDRINUSE): stop that one, or set PORT`,
  )
})

/** A port whose responses to `/held` end when the test says so. */
async function holdingPort(lingerMs: number) {
  const held: ServerResponse[] = []
  let asked: () => void = () => undefined
  const port = httpPort(
    (incoming, outgoing) => {
      if (incoming.url !== '/held') return void outgoing.end('at once')
      held.push(outgoing)
      outgoing.write('begun ')
      asked()
    },
    { ...options, port: 0, lingerMs },
  )
  await port.start?.()
  onTestFinished(() => port.stop?.(AbortSignal.abort()))
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const stop = () => Promise.resolve(port.stop?.(new AbortController().signal))
  return { port, url: port.url(), held, isAsked, stop }
}

const getFrom = (url: string, agent: Agent | false = false): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => get(url, { agent }, resolve).on('error', reject))

test('a stopped port serves new and open connections while a response goes on, each for one more response', async () => {
  const { port, url, held, isAsked, stop } = await holdingPort(60_000)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const before = await getFrom(url, agent)
  expect([await text(before), before.headers.connection]).toEqual(['at once', 'keep-alive'])
  const streaming = getFrom(`${url}/held`)
  await isAsked
  const stopped = stop()

  const onOpen = await getFrom(url, agent)
  expect([await text(onOpen), onOpen.headers.connection]).toEqual(['at once', 'close'])
  const onNew = await getFrom(url)
  expect([await text(onNew), onNew.headers.connection]).toEqual(['at once', 'close'])
  expect(port.listening()).toBe(true)

  held[0]?.end('ended')
  expect(await text(await streaming)).toBe('begun ended')
  await stopped
  await expect(getFrom(url)).rejects.toThrow('ECONNREFUSED')
})

test('a stopped port takes no new connections once it has lingered, and lets what goes on finish', async () => {
  const { url, held, isAsked, stop } = await holdingPort(1)
  const streaming = getFrom(`${url}/held`)
  await isAsked
  const stopped = stop()
  while (await getFrom(url).then(text, () => undefined));
  held[0]?.end('ended')
  expect(await text(await streaming)).toBe('begun ended')
  await stopped
})

test('a port that nobody waits on is closed at once, however long it would linger', async () => {
  const { url, stop } = await holdingPort(60_000)
  expect(await text(await getFrom(url))).toBe('at once')
  await stop()
  await expect(getFrom(url)).rejects.toThrow('ECONNREFUSED')
})

test.each(['plain', 'TLS'])(
  'a %s connection on which nothing was ever asked does not hold a port that stops',
  async (kind) => {
    const certificate = kind === 'TLS' ? selfSigned() : undefined
    const port = httpPort((_incoming, outgoing) => void outgoing.end(), { ...options, port: 0, certificate })
    await port.start?.()
    onTestFinished(() => port.stop?.(AbortSignal.abort()))
    const address = { host: '127.0.0.1', port: Number(new URL(port.url()).port) }
    const socket = certificate ? connectTls({ ...address, ca: certificate.cert }) : connect(address)
    onTestFinished(() => void socket.destroy())
    await once(socket, certificate ? 'secureConnect' : 'connect')
    // The server has it as well: it was accepted before the one of this request.
    if (certificate === undefined) await text(await getFrom(port.url()))
    socket.on('error', () => undefined).resume()
    const closed = once(socket, 'close')
    await port.stop?.(new AbortController().signal)
    await closed
  },
)

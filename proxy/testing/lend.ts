import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as tlsConnect } from 'node:tls'
import { onTestFinished } from 'vitest'
import { type Answer, type FakeUpstream, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { selfSigned } from '../../shared/testing/self-signed.ts'
import { type RunningProxy, startProxy } from './running-proxy.ts'

export const schemes = ['http', 'https'] as const

/** Settings for a data port of that scheme. */
export function schemeEnv(scheme: (typeof schemes)[number]): Readonly<Record<string, string>> {
  if (scheme === 'http') return {}
  const { certFile, keyFile } = selfSigned()
  return { TLS_CERT: certFile, TLS_KEY: keyFile }
}

/** A fake upstream and a proxy in front of it, for the time of one test. */
export async function lend(
  answer?: Answer,
  env: Readonly<Record<string, string>> = {},
  tapeSize?: number,
): Promise<{ upstream: FakeUpstream; proxy: RunningProxy }> {
  const upstream = await startFakeUpstream(answer)
  const proxy = await lendProxy(upstream.origin, env, tapeSize)
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  return { upstream, proxy }
}

/** A proxy in front of any upstream, for the time of one test. */
export async function lendProxy(
  upstreamOrigin: string,
  env: Readonly<Record<string, string>> = {},
  tapeSize?: number,
): Promise<RunningProxy> {
  const proxy = await startProxy({ UPSTREAM_BASE_URL: `${upstreamOrigin}/v1`, ...env }, tapeSize)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  return proxy
}

/** Sends a request on a connection of its own; the response body is left unread and undecoded. */
export async function sendRequest(
  url: string,
  options: Parameters<typeof httpRequest>[1] = {},
  body?: string | Buffer,
): Promise<IncomingMessage> {
  const outgoing = url.startsWith('https:')
    ? httpsRequest(url, { agent: false, rejectUnauthorized: false, ...options })
    : httpRequest(url, { agent: false, ...options })
  outgoing.end(body)
  const [incoming] = await once(outgoing, 'response')
  return incoming
}

/** A connection to a data port, over TLS where its origin says so. */
export function connectTo(origin: string, options: Partial<TcpNetConnectOpts> = {}): Socket {
  const { protocol, port } = new URL(origin)
  const socket = connect({ ...options, host: '127.0.0.1', port: Number(port) })
  if (protocol === 'http:') return socket
  const secure = tlsConnect({ socket, rejectUnauthorized: false })
  secure.allowHalfOpen = socket.allowHalfOpen
  below.set(secure, socket)
  return secure
}

const below = new WeakMap<Socket, Socket>()

/** Breaks a connection of connectTo: the other side gets a reset. */
export const resetConnection = (socket: Socket): void => void (below.get(socket) ?? socket).resetAndDestroy()

/** Sends these bytes and reads until the other side closes. */
export async function sendRaw(origin: string, request: string | Buffer): Promise<string> {
  const socket = connectTo(origin)
  socket.write(request)
  return text(socket)
}

import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { type Answer, type FakeUpstream, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { type RunningProxy, startProxy } from './running-proxy.ts'

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
  const outgoing = httpRequest(url, { agent: false, ...options }).end(body)
  const [incoming] = await once(outgoing, 'response')
  return incoming
}

/** Sends these bytes and reads until the other side closes. */
export async function sendRaw(origin: string, request: string | Buffer): Promise<string> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  socket.write(request)
  return text(socket)
}

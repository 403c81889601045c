import { once } from 'node:events'
import { copyFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import OpenAI from 'openai'
import { OpenAIRealtimeWS } from 'openai/realtime/ws'
import { Agent, fetch as undiciFetch } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { answerStream, chatEvents } from '../../shared/testing/fake-upstream.ts'
import { type SelfSigned, selfSigned } from '../../shared/testing/self-signed.ts'
import { until } from '../../shared/testing/until.ts'
import { connectTo, lend, lendProxy, sendRequest } from '../testing/lend.ts'
import type { RunningProxy } from '../testing/running-proxy.ts'

const messages = [{ role: 'user' as const, content: 'Say hello.' }]
const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }
const tlsEnv = ({ certFile, keyFile }: SelfSigned) => ({ TLS_CERT: certFile, TLS_KEY: keyFile })

/** OpenAI's own client, which trusts this certificate. */
function clientOf(proxy: RunningProxy, { cert }: SelfSigned): OpenAI {
  const dispatcher = new Agent({ connect: { ca: cert } })
  onTestFinished(() => dispatcher.close())
  return new OpenAI({
    baseURL: proxy.baseUrl,
    apiKey: 'sk-test',
    maxRetries: 0,
    fetch: undiciFetch as unknown as typeof fetch,
    fetchOptions: { dispatcher } as object,
  })
}

async function handshake({ origin }: RunningProxy, options: object): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(origin).port), ...options })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'secureConnect')
  return socket
}

test('the data port speaks https: a stream of the OpenAI client, its record, and contexts', async () => {
  const signed = selfSigned()
  const { proxy } = await lend(answerStream(chatEvents(['Hel', 'lo'], usage)), tlsEnv(signed))
  expect(proxy.baseUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/v1$/)
  const client = clientOf(proxy, signed)
  let text = ''
  const stream = await client.chat.completions.create(
    { model: 'm', messages, stream: true },
    { headers: { 'x-thread-id': 't1' } },
  )
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
  expect(text).toBe('Hello')
  expect(await proxy.record(1)).toMatchObject({ context: { threadId: 't1' }, usage: { total: 12 } })
  const context = await sendRequest(
    `${proxy.origin}/_threadtap/contexts/t1`,
    { method: 'PUT' },
    '{"user_id":"u"}',
  )
  expect(context.statusCode).toBe(200)
})

test("the Realtime client of OpenAI's SDK, which insists on wss, talks through it", async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const heads: (string | undefined)[] = []
  server.on('connection', (socket, { url, headers }) => {
    heads.push(url, headers.authorization)
    socket.send('{"type":"session.created","event_id":"e1","session":{"type":"realtime"}}')
    socket.on('message', (data) => {
      const { type } = JSON.parse(String(data)) as { type: string }
      if (type === 'response.create')
        socket.send('{"type":"response.done","event_id":"e2","response":{"id":"r1"}}')
    })
  })
  const signed = selfSigned()
  const proxy = await lendProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, tlsEnv(signed))
  const realtime = new OpenAIRealtimeWS(
    { model: 'gpt-realtime', options: { ca: signed.cert, headers: { 'x-thread-id': 't1' } } },
    new OpenAI({ baseURL: proxy.baseUrl, apiKey: 'sk-test' }),
  )
  const closed = once(realtime.socket, 'close')
  const answered = new Promise<string | undefined>((resolve, reject) => {
    realtime.on('error', reject)
    realtime.on('session.created', () => realtime.send({ type: 'response.create' }))
    realtime.on('response.done', ({ response }) => resolve(response.id))
  })
  expect(realtime.url.protocol).toBe('wss:')
  expect(await answered).toBe('r1')
  realtime.close()
  await closed
  expect(heads).toEqual(['/v1/realtime?model=gpt-realtime', 'Bearer sk-test'])
  expect(await proxy.record(1)).toMatchObject({
    route: '/v1/realtime',
    ending: 'completed',
    context: { threadId: 't1' },
    response: { status: 101 },
  })
})

test('clients that also speak HTTP/2 agree on HTTP/1.1, and those that speak nothing else are refused', async () => {
  const signed = selfSigned()
  const { proxy } = await lend(undefined, tlsEnv(signed))
  const both = await handshake(proxy, { ca: signed.cert, ALPNProtocols: ['h2', 'http/1.1'] })
  expect(both.alpnProtocol).toBe('http/1.1')
  await expect(handshake(proxy, { ca: signed.cert, ALPNProtocols: ['h2'] })).rejects.toThrow(
    /alpn|no application/i,
  )
})

test('a client that speaks no TLS is counted and reaches no upstream', async () => {
  const { upstream, proxy } = await lend(undefined, tlsEnv(selfSigned()))
  await expect(sendRequest(proxy.baseUrl.replace('https', 'http'))).rejects.toThrow()
  expect(await proxy.registry.metrics()).toContain('threadtap_refused_requests_total{reason="tls_failed"} 1')
  expect(upstream.requests).toEqual([])
})

test('a client that does not trust the certificate, and one that leaves within its handshake, is let go at once', async () => {
  const { upstream, proxy } = await lend(undefined, tlsEnv(selfSigned()))
  await expect(handshake(proxy, {})).rejects.toThrow('self-signed')
  const leaving = connectTo(proxy.origin.replace('https', 'http')).resume()
  leaving.end(Buffer.from('160301', 'hex'))
  await once(leaving, 'close')
  expect(upstream.requests).toEqual([])
})

test('a new certificate is served once both files are written, and the old one until then', async () => {
  const [first, second] = [selfSigned('first'), selfSigned('second')]
  const { proxy } = await lend(undefined, tlsEnv(first))
  const served = async (): Promise<string | undefined> => {
    const socket = await handshake(proxy, { rejectUnauthorized: false })
    const { subject } = socket.getPeerCertificate()
    socket.destroy()
    return String(subject.CN)
  }
  expect(await served()).toBe('first')
  writeFileSync(first.certFile, second.cert)
  expect(await served()).toBe('first')
  copyFileSync(second.keyFile, first.keyFile)
  await until(async () => (await served()) === 'second')
})

test('stopping does not wait for a handshake that does not end', async () => {
  const { proxy } = await lend(undefined, tlsEnv(selfSigned()))
  const idle = connectTo(proxy.origin.replace('https', 'http'))
  idle.on('error', () => undefined)
  await once(idle, 'connect')
  await proxy.stop()
  if (!idle.closed) await once(idle, 'close')
})

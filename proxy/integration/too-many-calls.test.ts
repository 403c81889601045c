import { request as httpRequest } from 'node:http'
import { json, text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { connectTo, lend, sendRequest } from '../testing/lend.ts'

const full = {
  error: {
    code: 'too_many_calls',
    type: 'server_error',
    message: expect.stringContaining('MAX_CALLS_IN_FLIGHT'),
  },
}

const turnsUntil = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
}

test('calls beyond MAX_CALLS_IN_FLIGHT get 503 with Retry-After, and nothing else is refused', async () => {
  const waiting: (() => void)[] = []
  const { upstream, proxy } = await lend(
    (_request, outgoing) => {
      waiting.push(() => outgoing.end('{}'))
    },
    { MAX_CALLS_IN_FLIGHT: '2' },
  )
  const url = `${proxy.baseUrl}/chat/completions`
  const send = () => sendRequest(url, { method: 'POST' }, '{"model":"m"}')

  // One that still sends its body is in flight as well.
  const sending = httpRequest(url, { method: 'POST', agent: false, headers: { 'content-length': 13 } })
  sending.write('{"model"')
  await turnsUntil(async () => (await proxy.registry.metrics()).includes('threadtap_calls_in_flight 1'))
  const answered = send()
  await turnsUntil(() => waiting.length > 0)

  const refused = await send()
  expect(refused.statusCode).toBe(503)
  expect(refused.headers['retry-after']).toBe('1')
  expect(await json(refused)).toMatchObject(full)
  const socket = connectTo(proxy.origin)
  socket.write('GET /v1/realtime HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 503 .*retry-after: 1/is)
  expect(upstream.requests).toHaveLength(1)

  waiting.shift()?.()
  expect((await answered).statusCode).toBe(200)
  const next = send()
  await turnsUntil(() => waiting.length > 0)
  waiting.shift()?.()
  expect((await next).statusCode).toBe(200)

  sending.on('error', () => undefined).destroy()
})

test('a client that leaves within its request is no longer in flight', async () => {
  const { proxy } = await lend(undefined, { MAX_CALLS_IN_FLIGHT: '1' })
  const url = `${proxy.baseUrl}/chat/completions`
  const leaving = httpRequest(url, { method: 'POST', agent: false, headers: { 'content-length': 13 } })
  leaving.on('error', () => undefined).write('{"model"')
  const status = async () => {
    const response = await sendRequest(url, { method: 'POST' }, '{"model":"m"}')
    await text(response)
    return response.statusCode
  }
  while ((await status()) !== 503);
  leaving.destroy()
  while ((await status()) !== 200);
})

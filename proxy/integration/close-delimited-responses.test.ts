import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { lendRawUpstream } from '../../shared/testing/raw-upstream.ts'
import { lendProxy, sendRequest } from '../testing/lend.ts'

// undici 7 crashes the process where such a connection ends while its response is paused, and takes a reset for the
// end of the response; see upstream/connection.ts.

const events = Array.from(
  { length: 400 },
  () => `data: {"choices":[{"delta":{"content":"${randomBytes(60).toString('hex')}"}}]}\n\n`,
).join('')
const compressed = gzipSync(events)

const head =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n'

test('a connection that ends while its response waits for the decoder ends the response, and nothing else', async () => {
  const upstream = await lendRawUpstream((_head, socket) => {
    socket.write(head, () => socket.end(compressed))
  })
  const proxy = await lendProxy(upstream.origin)
  for (let call = 1; call <= 20; call++) {
    const incoming = await sendRequest(
      `${proxy.baseUrl}/chat/completions`,
      { method: 'POST' },
      '{"stream":true}',
    )
    expect((await buffer(incoming)).toString()).toBe(events)
    expect(await proxy.record(call)).toMatchObject({ response: { bodyBytes: compressed.length } })
  }
})

test.each(['', 'Connection: close\r\nTransfer-Encoding: chunked\r\n'])(
  'a response whose connection is reset does not look complete (%j)',
  async (fields) => {
    const upstream = await lendRawUpstream((_head, socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${fields}\r\n5\r\nhalf\n\r\n`)
    })
    const proxy = await lendProxy(upstream.origin)
    const incoming = await sendRequest(`${proxy.baseUrl}/models`)
    await once(incoming, 'data')
    // Only now: a reset may overtake what was sent before it.
    upstream.sockets[0]?.resetAndDestroy()
    await expect(buffer(incoming)).rejects.toThrow('aborted')
    expect(await proxy.record(1)).toMatchObject({
      ending: 'upstream_closed',
      error: { type: 'upstream_closed' },
    })
  },
)

test.each([
  ['whole', compressed.length],
  ['broken off', 5],
])('a compressed stream under a wrong type that comes byte by byte arrives %s', async (_what, length) => {
  const upstream = await lendRawUpstream(async (_head, socket) => {
    socket.setNoDelay(true)
    socket.write(head.replace('text/event-stream', 'text/plain'))
    for (const byte of compressed.subarray(0, Math.min(length, 40))) {
      socket.write(Buffer.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    socket.end(compressed.subarray(Math.min(length, 40), length))
  })
  const proxy = await lendProxy(upstream.origin)
  const incoming = await sendRequest(
    `${proxy.baseUrl}/chat/completions`,
    { method: 'POST' },
    '{"model":"m","stream":true}',
  )
  const received = buffer(incoming)
  if (length === compressed.length) expect((await received).toString()).toBe(events)
  else expect((await received.catch(() => Buffer.alloc(0))).length).toBeLessThan(events.length)
  expect(await proxy.record(1)).toMatchObject({ response: { bodyBytes: length } })
})

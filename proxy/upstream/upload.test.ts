import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { uploadOf } from './upload.ts'

/** A request whose client sends these bytes as fast as they are read. */
async function received(body: Buffer): Promise<IncomingMessage> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const outgoing = httpRequest({ port: (server.address() as AddressInfo).port, method: 'POST', agent: false })
  outgoing.on('error', () => undefined)
  outgoing.end(body)
  const [incoming] = (await once(server, 'request')) as [IncomingMessage, ServerResponse]
  return incoming
}

test('observing the chunks of an upload neither defeats back-pressure nor changes what the upstream gets', async () => {
  const sent = randomBytes(20_000_000)
  const incoming = await received(sent)
  const observed: Buffer[] = []
  const upload = uploadOf(incoming, { kind: 'streamed' }, undefined, (chunk) => observed.push(chunk))
  const paused = once(incoming, 'pause')
  await paused
  for (let turn = 0; turn < 100; turn += 1) await nextTurn()
  // Nothing reads the upload yet: no more has been read than the streams' own buffers hold.
  expect(Buffer.concat(observed).length).toBeLessThan(500_000)
  expect(upload.clientBytes()).toBe(Buffer.concat(observed).length)

  expect((await buffer(upload.body as Readable)).equals(sent)).toBe(true)
  expect(Buffer.concat(observed).equals(sent)).toBe(true)
})

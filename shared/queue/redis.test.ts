import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { queryConnection } from './redis.ts'

/** Answers every command, until the connection is forgotten: then it stays open and is silent, as a network leaves it. */
async function startServer(): Promise<{ readonly url: string; forgetConnections(): void }> {
  const sockets = new Set<Socket>()
  const forgotten = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      if (forgotten.has(socket)) return
      for (const command of chunk
        .toString()
        .split(/^\*\d+\r\n/m)
        .slice(1)) {
        socket.write(/info/i.test(command) ? '$19\r\nredis_version:7.0.0\r\n' : '+PONG\r\n')
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forgetConnections() {
      for (const socket of sockets) forgotten.add(socket)
    },
  }
}

test('a connection that is open and answers nothing is made anew', async () => {
  const server = await startServer()
  const redis = queryConnection(server.url, 100, 300)
  onTestFinished(() => redis.disconnect())
  await once(redis, 'ready')
  expect(await redis.ping()).toBe('PONG')
  server.forgetConnections()
  const anew = new Promise((resolve) => redis.once('ready', resolve))
  await expect(redis.ping()).rejects.toThrow('Command timed out')
  await anew
  expect(await redis.ping()).toBe('PONG')
})

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { connectTo, lendProxy } from '../testing/lend.ts'

/** In a thread of its own, as the test blocks this one: answers, and closes its connections when it is told to. */
const closingUpstream = `
const { createServer } = require('node:net')
const { parentPort } = require('node:worker_threads')
const answer = 'HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: 2\\r\\n\\r\\n{}'
const server = createServer((socket) => {
  socket.on('error', () => undefined)
  socket.on('data', () => socket.write(answer))
  parentPort.once('message', () => socket.end())
}).listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`

const call = 'GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n'

/** @returns a connection, and its other side, in this thread */
async function lendConnection(): Promise<readonly [near: Socket, far: Socket]> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [far] = (await once(server, 'connection')) as [Socket]
  onTestFinished(() => {
    near.destroy()
    far.destroy()
    server.close()
  })
  return [near, far]
}

test('a call that comes while the loop is blocked does not go on a connection that was closed meanwhile', async () => {
  const upstream = new Worker(closingUpstream, { eval: true })
  onTestFinished(() => void upstream.terminate())
  const [port] = (await once(upstream, 'message')) as [number]
  const proxy = await lendProxy(`http://127.0.0.1:${port}`)
  const client = connectTo(proxy.origin).setEncoding('latin1')
  onTestFinished(() => void client.destroy())
  const [starter, blocker] = await lendConnection()
  blocker.on('data', () => {
    upstream.postMessage('close')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  })

  for (let calls = 0; calls < 5; calls++) {
    client.write(call)
    expect(String((await once(client, 'data'))[0])).toContain('200 OK')
    // The loop has to look at its sockets once more, or it would see them in the order of their events before.
    await new Promise((resolve) => setTimeout(resolve, 20))
    // What blocks and the next call are seen at once; the upstream closes in between, which is seen after both.
    starter.write('.')
    client.write(call)
    expect(String((await once(client, 'data'))[0])).toContain('200 OK')
  }
})

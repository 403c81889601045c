import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { answer, endOfStream, stampedFrame } from './answers.ts'
import { ordersIn } from './orders.ts'
import { streamPacer } from './stream-pacer.ts'

// The model, a process of its own. What it is to do stands in the model's name: see orders.ts.

const pacer = streamPacer()

const server = createServer((incoming, outgoing) => {
  let head: string | undefined
  incoming.on('data', (chunk: Buffer) => {
    head ??= chunk.subarray(0, 200).toString('latin1')
  })
  incoming.on('end', () => void respond(head ?? '', outgoing))
})

async function respond(head: string, outgoing: ServerResponse): Promise<void> {
  const orders = ordersIn(head)
  if (orders.kind === 'stream') return stream(orders.frames, orders.framesPerSecond, outgoing)
  if (orders.thinkMs > 0) await sleep(orders.thinkMs)
  outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer)
}

function stream(frames: number, framesPerSecond: number, outgoing: ServerResponse): void {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
  let sent = 0
  pacer.add(1_000 / framesPerSecond, () => {
    if (outgoing.destroyed) return 'done'
    if (sent++ < frames) {
      outgoing.write(stampedFrame())
      return 'more'
    }
    outgoing.end(endOfStream)
    return 'done'
  })
}

// Connections are given up by the relays, never here: what is measured is not how they are made.
server.keepAliveTimeout = 3_600_000
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))

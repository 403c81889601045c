import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { slowAnswerMs } from '../../overhead/sizes.ts'
import { answer, endOfStream, stampedFrame } from './answers.ts'
import { streamPacer } from './stream-pacer.ts'

// The model, a process of its own. What it is to do is in the first bytes of the body, so that large prompts
// cost it no parsing: model `slow` thinks first, `paced` streams, any other answers at once.

const pacer = streamPacer()

const server = createServer((incoming, outgoing) => {
  let head: Buffer | undefined
  incoming.on('data', (chunk: Buffer) => {
    head ??= chunk
  })
  incoming.on('end', () => void respond(head?.subarray(0, 200).toString('latin1') ?? '', outgoing))
})

async function respond(head: string, outgoing: ServerResponse): Promise<void> {
  if (head.includes('"model":"paced"')) return stream(head, outgoing)
  if (head.includes('"model":"slow"')) await sleep(slowAnswerMs)
  outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer)
}

function stream(head: string, outgoing: ServerResponse): void {
  const number = (key: string): number => Number(new RegExp(`"${key}":(\\d+)`).exec(head)?.[1] ?? 50)
  const [frames, framesPerSecond] = [number('frames'), number('framesPerSecond')]
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

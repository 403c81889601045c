import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { type Field, type FuzzAnswer, writtenBody } from './case.ts'
import { cutUp } from './cut.ts'
import type { FromUpstream, Seen, ToUpstream } from './upstream-messages.ts'

// The upstream of the fuzzing, a process of its own: plays to each call the answer it was given for it.

const answers = new Map<string, FuzzAnswer>()
const seen = new Map<string, Seen[]>()
const named = new Set<string>()
let nameless = 0

const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0, maxHeaderSize: 256 * 1024 })
server.on('request', (incoming, outgoing) => {
  // Connections break on purpose here, on either side.
  incoming.on('error', () => {})
  outgoing.on('error', () => {})
  void answerCall(incoming, outgoing)
})
server.on('clientError', (_cause, socket) => socket.destroy())

async function answerCall(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const id = incoming.headers['x-fuzz-case']
  const answer = typeof id === 'string' ? answers.get(id) : undefined
  if (typeof id === 'string' && (answer !== undefined || named.has(id))) named.add(id)
  else nameless++
  const body: Buffer[] = []
  try {
    for await (const part of incoming) body.push(part as Buffer)
  } catch {
    return
  }
  const arrived = told(incoming, Buffer.concat(body))
  if (typeof id === 'string') seen.get(id)?.push(arrived)
  if (answer !== undefined) return play(answer, arrived, incoming.socket, outgoing)
  outgoing.writeHead(200, { 'x-fuzz-answer': 'nameless' }).end('{}')
}

function told({ method = '', url = '', rawHeaders }: IncomingMessage, body: Buffer): Seen {
  const fields: Field[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    fields.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''])
  return { method, url, fields, body, progress: 'not answered' }
}

/** @param socket of the request: its response has none before the answer ahead of it on this connection has ended */
async function play(
  answer: FuzzAnswer,
  arrived: Seen,
  socket: Socket,
  outgoing: ServerResponse,
): Promise<void> {
  outgoing.on('close', () => {
    arrived.progress += ', closed'
  })
  if (answer.ending.how === 'nonsense') return void socket.end(answer.body.subarray(0, 1_000))
  if (answer.interim) outgoing.writeProcessing()
  writeHead(answer, outgoing)
  let bytes = 0
  for (const part of cutUp(writtenBody(answer), answer.cut)) {
    if (outgoing.destroyed) return
    bytes += part.length
    arrived.progress = `${bytes} bytes of the body written`
    if (!outgoing.write(part)) await roomIn(outgoing)
    await turn()
  }
  await finish(answer, outgoing, socket)
  arrived.progress += ', all done'
}

/** Resolves when more can be written, or nothing ever. */
function roomIn(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done).off('close', done)
      resolve()
    }
    outgoing.on('drain', done).on('close', done)
  })
}

function writeHead({ status, fields, framing, body }: FuzzAnswer, outgoing: ServerResponse): void {
  const framed: Field[] = framing === 'length' ? [['Content-Length', String(body.length)]] : []
  if (framing === 'close') outgoing.useChunkedEncodingByDefault = false
  outgoing.writeHead(status, [...fields, ...framed, ['x-fuzz-answer', 'yes'] as const].flat())
  // Not flushHeaders, which would write the head as UTF-8.
  outgoing.write(Buffer.alloc(0))
}

async function finish({ ending }: FuzzAnswer, outgoing: ServerResponse, socket: Socket): Promise<void> {
  if (ending.how === 'whole') return void outgoing.end()
  // What was written has a chance to arrive before the connection breaks.
  await turn()
  if (ending.how === 'reset') socket.resetAndDestroy()
  else socket.destroy()
}

const tell = (message: FromUpstream): void => void process.send?.(message)

process.on('message', (message: ToUpstream) => {
  switch (message.kind) {
    case 'play':
      answers.set(message.id, message.answer)
      seen.set(message.id, [])
      tell({ kind: 'ready', id: message.id })
      break
    case 'over':
      tell({ kind: 'seen', id: message.id, requests: seen.get(message.id) ?? [] })
      seen.delete(message.id)
      answers.delete(message.id)
      break
    case 'count':
      tell({ kind: 'counted', calls: named.size + nameless })
  }
})
process.on('disconnect', () => process.exit())

server.listen(0, '127.0.0.1', () => {
  tell({ kind: 'listening', port: (server.address() as AddressInfo).port })
})

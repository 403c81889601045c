import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { type Field, type FuzzResponse, writtenBody } from './case.ts'
import { splitIntoChunks } from './chunking.ts'
import type { ReceivedRequest, UpstreamCommand, UpstreamMessage } from './upstream-messages.ts'

// The upstream of the fuzzer, a separate process: sends to each call the response registered for it.

const responses = new Map<string, FuzzResponse>()
const received = new Map<string, ReceivedRequest[]>()
const knownCalls = new Set<string>()
let unknownCalls = 0

const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0, maxHeaderSize: 256 * 1024 })
server.on('request', (incoming, outgoing) => {
  // Connections are broken on purpose, on either side.
  incoming.on('error', () => {})
  outgoing.on('error', () => {})
  void handleRequest(incoming, outgoing)
})
server.on('clientError', (_cause, socket) => socket.destroy())

async function handleRequest(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const id = incoming.headers['x-fuzz-case']
  const response = typeof id === 'string' ? responses.get(id) : undefined
  if (typeof id === 'string' && (response !== undefined || knownCalls.has(id))) knownCalls.add(id)
  else unknownCalls++
  const body: Buffer[] = []
  try {
    for await (const part of incoming) body.push(part as Buffer)
  } catch {
    return
  }
  const arrived = toReceivedRequest(incoming, Buffer.concat(body))
  if (typeof id === 'string') received.get(id)?.push(arrived)
  if (response !== undefined) return play(response, arrived, outgoing)
  outgoing.writeHead(200, { 'x-fuzz-response': 'unknown' }).end('{}')
}

function toReceivedRequest(
  { method = '', url = '', rawHeaders }: IncomingMessage,
  body: Buffer,
): ReceivedRequest {
  const fields: Field[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    fields.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''])
  return { method, url, fields, body, progress: 'not started' }
}

async function play(
  response: FuzzResponse,
  arrived: ReceivedRequest,
  outgoing: ServerResponse,
): Promise<void> {
  const socket = await socketOf(outgoing)
  outgoing.on('close', () => {
    arrived.progress += ', closed'
  })
  if (response.ending.kind === 'malformed') return void socket.end(response.body.subarray(0, 1_000))
  if (response.informational) outgoing.writeProcessing()
  writeHead(response, outgoing)
  let bytes = 0
  for (const part of splitIntoChunks(writtenBody(response), response.chunking)) {
    if (outgoing.destroyed) return
    bytes += part.length
    arrived.progress = `${bytes} bytes of the body written`
    if (!outgoing.write(part)) await writable(outgoing)
    await turn()
  }
  await finish(response, outgoing, socket)
  arrived.progress += ', ended'
}

/**
 * Resolves with the connection once Node too has ended the previous response on it: for a client a response with a
 * length ends with its last byte, and the next request may arrive before we have called `end`.
 */
async function socketOf(outgoing: ServerResponse): Promise<Socket> {
  return outgoing.socket ?? (await once(outgoing, 'socket'))[0]
}

/** Resolves on drain or close. */
function writable(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done).off('close', done)
      resolve()
    }
    outgoing.on('drain', done).on('close', done)
  })
}

function writeHead({ status, fields, framing, body }: FuzzResponse, outgoing: ServerResponse): void {
  const framed: Field[] = framing === 'length' ? [['Content-Length', String(body.length)]] : []
  if (framing === 'close') outgoing.useChunkedEncodingByDefault = false
  outgoing.writeHead(status, [...fields, ...framed, ['x-fuzz-response', 'yes'] as const].flat())
  // Not flushHeaders, which would write the head as UTF-8.
  outgoing.write(Buffer.alloc(0))
}

async function finish({ ending }: FuzzResponse, outgoing: ServerResponse, socket: Socket): Promise<void> {
  if (ending.kind === 'complete') return void outgoing.end()
  // Lets what was written reach the client before the connection breaks.
  await turn()
  if (ending.kind === 'reset') socket.resetAndDestroy()
  else socket.destroy()
}

const send = (message: UpstreamMessage): void => void process.send?.(message)

process.on('message', (message: UpstreamCommand) => {
  switch (message.kind) {
    case 'play':
      responses.set(message.id, message.response)
      received.set(message.id, [])
      send({ kind: 'ready', id: message.id })
      break
    case 'finish':
      send({ kind: 'received', id: message.id, requests: received.get(message.id) ?? [] })
      received.delete(message.id)
      responses.delete(message.id)
      break
    case 'count':
      send({ kind: 'counted', calls: knownCalls.size + unknownCalls })
  }
})
process.on('disconnect', () => process.exit())

server.listen(0, '127.0.0.1', () => {
  send({ kind: 'listening', port: (server.address() as AddressInfo).port })
})

import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { FuzzRequest } from './case.ts'
import { requestParts } from './request-head.ts'
import { type ResponseHead, ResponseReader } from './response-reader.ts'

/** What the client received. */
export type Outcome = {
  readonly head?: ResponseHead
  readonly body: Buffer
  /** False when the connection broke during the response, or the client aborted. */
  readonly isComplete: boolean
  readonly isMalformed: boolean
  /** Whether the idle timeout ended the call. */
  readonly hung: boolean
}

/** With a damaged head, a server may rightly wait for more. */
const idleTimeoutMs = ({ damagedHead }: FuzzRequest): number => (damagedHead === undefined ? 30_000 : 1_000)

/** Makes one call on its own connection, written as the request says. Never rejects. */
export async function call(request: FuzzRequest, port: number): Promise<Outcome> {
  const reader = new ResponseReader(request.method)
  const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true })
  let hung = false
  const ended = new Promise<void>((resolve) => {
    socket.on('error', () => resolve())
    socket.on('close', () => resolve())
    socket.on('end', () => {
      reader.closed()
      resolve()
    })
    socket.setTimeout(idleTimeoutMs(request), () => {
      hung = true
      resolve()
    })
    socket.on('data', (chunk: Buffer) => {
      reader.push(chunk)
      if (reader.isComplete || reader.isMalformed || reachedAbort(request, reader)) resolve()
      else if (request.slowReader) pauseFor(socket)
    })
  })
  const aborted = sendAll(request, socket)
  await Promise.race([ended, aborted])
  socket.destroy()
  const { head, isComplete, isMalformed } = reader
  return omitUndefined({ head, body: reader.body(), isComplete, isMalformed, hung })
}

const reachedAbort = ({ abortsAt }: FuzzRequest, reader: ResponseReader): boolean =>
  abortsAt?.during === 'response' && reader.head !== undefined && reader.bytes >= abortsAt.afterBytes

function pauseFor(socket: ReturnType<typeof connect>): void {
  socket.pause()
  setTimeout(() => socket.resume(), 5)
}

/** Writes the request. Resolves only when the client aborts before the end of it. */
async function sendAll(
  { abortsAt, ...request }: FuzzRequest,
  socket: ReturnType<typeof connect>,
): Promise<void> {
  let budget = abortsAt?.during === 'request' ? abortsAt.afterBytes : Number.POSITIVE_INFINITY
  for (const part of requestParts(request)) {
    if (socket.destroyed) break
    socket.write(part.subarray(0, budget))
    budget -= part.length
    if (budget < 0) return void (await pause(5))
    await pause(0)
  }
  await new Promise(() => {})
}

import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { AnswerReader, type ResponseHead } from './answer-reader.ts'
import type { FuzzRequest } from './case.ts'
import { requestParts } from './request-head.ts'

/** What the client got. */
export type Outcome = {
  readonly head?: ResponseHead
  readonly body: Buffer
  /** False where the connection broke within the answer, or the client left. */
  readonly isWhole: boolean
  readonly isMalformed: boolean
  /** True where nothing more came for so long that something must hang. */
  readonly hung: boolean
}

/** With a damaged head, waiting for more may be the right answer. */
const patienceMs = ({ damagedHead }: FuzzRequest): number => (damagedHead === undefined ? 30_000 : 1_000)

/** Makes one call on a connection of its own, byte by byte as the request says. Never throws. */
export async function call(request: FuzzRequest, port: number): Promise<Outcome> {
  const reader = new AnswerReader(request.method)
  const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true })
  let hung = false
  const over = new Promise<void>((resolve) => {
    socket.on('error', () => resolve())
    socket.on('close', () => resolve())
    socket.on('end', () => {
      reader.closed()
      resolve()
    })
    socket.setTimeout(patienceMs(request), () => {
      hung = true
      resolve()
    })
    socket.on('data', (chunk: Buffer) => {
      reader.push(chunk)
      if (reader.isWhole || reader.isMalformed || hasEnough(request, reader)) resolve()
      else if (request.slow) pauseFor(socket)
    })
  })
  const left = sendAll(request, socket)
  await Promise.race([over, left])
  socket.destroy()
  const { head, isWhole, isMalformed } = reader
  return { ...(head && { head }), body: reader.body(), isWhole, isMalformed, hung }
}

const hasEnough = ({ leaves }: FuzzRequest, reader: AnswerReader): boolean =>
  leaves?.within === 'answer' && reader.head !== undefined && reader.bytes >= leaves.afterBytes

function pauseFor(socket: ReturnType<typeof connect>): void {
  socket.pause()
  setTimeout(() => socket.resume(), 5)
}

/** Writes the request. @returns a promise that resolves only where the client leaves before its end */
async function sendAll(
  { leaves, ...request }: FuzzRequest,
  socket: ReturnType<typeof connect>,
): Promise<void> {
  let budget = leaves?.within === 'request' ? leaves.afterBytes : Number.POSITIVE_INFINITY
  for (const part of requestParts(request)) {
    if (socket.destroyed) break
    socket.write(part.subarray(0, budget))
    budget -= part.length
    if (budget < 0) return void (await pause(5))
    await pause(0)
  }
  await new Promise(() => {})
}

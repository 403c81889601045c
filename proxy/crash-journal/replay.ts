import { isBegin, kinds, readBegin, readEnd, writeEnd } from '../tape/messages.ts'
import type { FrameReader } from '../tape/ring.ts'
import { type BodyBytes, bodyOf, leftOutKind, readLeftOut } from './left-out.ts'

export type ReplayOptions = {
  /** The recorder. */
  readonly visit: FrameReader
  readonly isRecorded: (callId: string) => boolean
  /** A call is about to be recorded that is not on the tape. */
  readonly onBegin: () => void
  /** False where bodies have cost the recorder its life before. */
  readonly withBodies: boolean
}

export type Replayed = {
  /** Calls that had ended, and that were interrupted. */
  readonly whole: number
  readonly interrupted: number
}

type ReplayedCall = {
  /** ms on the clock of the process that died */
  lastAt: number
  requestBytes: number
  /** Nothing had been sent to the upstream yet: all of its request must be there first. */
  isWaiting: boolean
  /** What the journal says that it left out. */
  readonly leftOut: BodyBytes
  /** What it has, but after such a gap: it would be read as if there were none. */
  readonly passedOver: BodyBytes
}

/** Shows a recorder what a journal has of the calls that are not recorded yet; those without an end get one. */
export class Replay {
  readonly #options: ReplayOptions
  readonly #calls = new Map<number, ReplayedCall>()
  #whole = 0

  constructor(options: ReplayOptions) {
    this.#options = options
  }

  /** Takes a frame of the journal, in the order in which they stand there. */
  readonly visit: FrameReader = (kind, number, at, payload) => {
    if (isBegin(kind)) this.#begin(kind, number, at, payload)
    const call = this.#calls.get(number)
    if (call === undefined || isBegin(kind)) return
    call.lastAt = at
    const body = bodyOf(kind)
    if (kind === leftOutKind) leaveOut(call, readLeftOut(payload))
    else if (kind === kinds.end) this.#end(call, number, at, payload)
    else if (body === undefined) this.#fact(call, kind, number, at, payload)
    else if (this.#keeps(call, body, payload.length)) this.#options.visit(kind, number, at, payload)
  }

  /** Ends what has no end. */
  finish(): Replayed {
    const { visit } = this.#options
    let interrupted = 0
    for (const [number, call] of this.#calls) {
      const { lastAt, requestBytes } = call
      if (call.isWaiting) {
        visit(kinds.discard, number, lastAt, nothing)
        continue
      }
      interrupted += 1
      const end = { kind: 'process_died' } as const
      const shed = { requestShed: missing(call, 'request'), responseShed: missing(call, 'response') }
      const text = writeEnd({ end, requestBytes, ...shed, usageOption: 'none' })
      visit(kinds.end, number, lastAt, Buffer.from(text, 'latin1'))
    }
    this.#calls.clear()
    return { whole: this.#whole, interrupted }
  }

  #begin(kind: number, number: number, at: number, payload: Buffer): void {
    const { visit, isRecorded, onBegin } = this.#options
    const { id, body } = readBegin(payload)
    if (isRecorded(id)) return
    this.#calls.set(number, {
      lastAt: at,
      requestBytes: 0,
      isWaiting: body === 'held',
      leftOut: { request: 0, response: 0 },
      passedOver: { request: 0, response: 0 },
    })
    onBegin()
    visit(kind, number, at, payload)
  }

  #fact(call: ReplayedCall, kind: number, number: number, at: number, payload: Buffer): void {
    call.isWaiting = false
    if (kind === kinds.discard) this.#calls.delete(number)
    this.#options.visit(kind, number, at, payload)
  }

  #keeps(call: ReplayedCall, body: keyof BodyBytes, bytes: number): boolean {
    if (body === 'request') call.requestBytes += bytes
    const keeps = call.leftOut[body] === 0 && this.#options.withBodies
    if (!keeps) call.passedOver[body] += bytes
    return keeps
  }

  #end(call: ReplayedCall, number: number, at: number, payload: Buffer): void {
    this.#whole += 1
    this.#calls.delete(number)
    const end = readEnd(payload)
    const requestShed = end.requestShed + missing(call, 'request')
    const responseShed = end.responseShed + missing(call, 'response')
    const text = writeEnd({ ...end, requestShed, responseShed })
    this.#options.visit(kinds.end, number, at, Buffer.from(text, 'latin1'))
  }
}

const nothing = Buffer.alloc(0)

const missing = ({ leftOut, passedOver }: ReplayedCall, body: keyof BodyBytes): number =>
  leftOut[body] + passedOver[body]

/** What the journal says is the sum of all that it left out of the call so far. */
function leaveOut({ leftOut }: ReplayedCall, said: Readonly<BodyBytes>): void {
  leftOut.request = Math.max(leftOut.request, said.request)
  leftOut.response = Math.max(leftOut.response, said.response)
}

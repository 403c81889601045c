import { isBegin, kinds, readBegin, readEnd, writeEnd } from '../tape/messages.ts'
import type { FrameReader } from '../tape/ring.ts'
import { type BodyBytes, bodyLeftOutBy, bodyOf, readLeftOut } from './left-out.ts'

export type ReplayOptions = {
  /** The recorder. */
  readonly visit: FrameReader
  readonly isRecorded: (callId: string) => boolean
  /** A call is about to be recorded that is not on the tape. */
  readonly onBegin: (callId: string) => void
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
  /** What the journal left out, and what it has behind that: it would be read as if nothing were missing in front of it. */
  readonly missing: BodyBytes
  /** Frames are missing: how it went on is not known. */
  isCut: boolean
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
    if (call.isCut) return this.#afterGap(call, kind, number, at)
    call.lastAt = at
    const [body, leftOut] = [bodyOf(kind), bodyLeftOutBy(kind)]
    if (leftOut !== undefined) leaveOut(call, leftOut, readLeftOut(payload))
    else if (kind === kinds.end) this.#end(call, number, at, payload)
    else if (body === undefined) this.#fact(call, kind, number, at, payload)
    else if (this.#keeps(call, body, payload.length)) this.#options.visit(kind, number, at, payload)
  }

  /** Frames are missing here: calls that are open are taken for interrupted now. */
  readonly gap = (): void => {
    for (const call of this.#calls.values()) {
      call.isCut = true
      call.isWaiting = false
    }
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
      const shed = { requestShed: call.missing.request, responseShed: call.missing.response }
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
      missing: { request: 0, response: 0 },
      isCut: false,
    })
    onBegin(id)
    visit(kind, number, at, payload)
  }

  #fact(call: ReplayedCall, kind: number, number: number, at: number, payload: Buffer): void {
    call.isWaiting = false
    if (kind === kinds.discard) this.#calls.delete(number)
    this.#options.visit(kind, number, at, payload)
  }

  /** Of a call with a gap only this is still believed: that there was none. */
  #afterGap(call: ReplayedCall, kind: number, number: number, at: number): void {
    if (kind === kinds.discard) this.#fact(call, kind, number, at, nothing)
  }

  #keeps(call: ReplayedCall, body: keyof BodyBytes, bytes: number): boolean {
    if (call.missing[body] > 0 || !this.#options.withBodies) {
      leaveOut(call, body, bytes)
      return false
    }
    if (body === 'request') call.requestBytes += bytes
    return true
  }

  #end(call: ReplayedCall, number: number, at: number, payload: Buffer): void {
    this.#whole += 1
    this.#calls.delete(number)
    const end = readEnd(payload)
    const requestShed = end.requestShed + call.missing.request
    const responseShed = end.responseShed + call.missing.response
    const text = writeEnd({ ...end, requestShed, responseShed })
    this.#options.visit(kinds.end, number, at, Buffer.from(text, 'latin1'))
  }
}

const nothing = Buffer.alloc(0)

function leaveOut(call: ReplayedCall, body: keyof BodyBytes, bytes: number): void {
  call.missing[body] += bytes
  if (body === 'request') call.requestBytes += bytes
}

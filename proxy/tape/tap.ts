import { type Kept, keptSteps } from './kept.ts'
import {
  type CallBegin,
  kinds,
  type UsageOption,
  writeBegin,
  writeEnd,
  writeResponseHead,
} from './messages.ts'
import type { RelayEnd } from './relay-end.ts'
import type { RingWriter } from './ring-writer.ts'

export type Tape = {
  readonly ring: RingWriter
  /** What bodies leave free. */
  readonly spareBytes: number
  /** Called after each write, with the kind of the frame. */
  readonly onWritten?: (kind: number) => void
}

/** What is known of a tape whose reader has died. */
export type Unsettled = { readonly calls: number; readonly settledPack: number }

export type TapOptions = Tape & {
  /** ms; the only clock of what is recorded */
  readonly monotonic: () => number
  /** Called when there is something for a reader that sleeps. */
  readonly wake: () => void
}

/** Where the relay leaves what goes by, for the recorder. It neither waits nor throws. */
export class Tap {
  readonly #monotonic: () => number
  readonly #wake: () => void
  #tape: Tape
  #beginKind: number = kinds.begin
  /** What calls leave free that begin now, and what bodies do. Infinity leaves them out. */
  #spareOfCalls = 0
  #spareOfBodies: number
  #kept: Kept = 'everything'
  #begun = 0
  /** On this tape; of calls that were lost nothing is begun. */
  #begunHere = 0
  #lost = 0
  /** Calls whose end found no room: to be discarded by the reader as soon as there is some. */
  #unended: number[] = []

  constructor({ monotonic, wake, ...tape }: TapOptions) {
    this.#monotonic = monotonic
    this.#wake = wake
    this.#tape = tape
    this.#spareOfBodies = tape.spareBytes
  }

  /**
   * From now on keeps less of calls, or more again: what is not to be kept finds no room. A call that has begun keeps the
   * content that it has.
   */
  keep(kept: Kept): void {
    this.#kept = kept
    const step = keptSteps.indexOf(kept)
    this.#beginKind = step === 0 ? kinds.begin : kinds.beginWithoutContent
    this.#spareOfBodies = step < 2 ? this.#tape.spareBytes : Number.POSITIVE_INFINITY
    this.#spareOfCalls = step < 3 ? 0 : Number.POSITIVE_INFINITY
  }

  get kept(): Kept {
    return this.#kept
  }

  /** Share of the tape that its reader has not read yet: 0 to 1. */
  get fill(): number {
    return this.#tape.ring.fill
  }

  /** Calls without a record, because their beginning or their end found no room. */
  get lostCalls(): number {
    return this.#lost
  }

  /** @param credentials what the client sent of them; empty where it sent none */
  begin(call: CallBegin, startedMonotonic: number, credentials = ''): TappedCall {
    this.#discardUnended()
    this.#begun = (this.#begun + 1) | 0
    const text = writeBegin(call)
    if (credentials !== '')
      this.#writeText(kinds.credentials, this.#begun, startedMonotonic, credentials, this.#spareOfCalls)
    const fits = this.#writeText(this.#beginKind, this.#begun, startedMonotonic, text, this.#spareOfCalls)
    if (fits) this.#begunHere += 1
    else this.#lost += 1
    return new TappedCall(this, this.#begun, fits)
  }

  /** @returns false where a body's bytes found no room */
  writeBody(kind: number, call: number, chunk: Buffer): boolean {
    const fits = this.#tape.ring.write(kind, call, this.#monotonic(), chunk, this.#spareOfBodies)
    this.#written(kind)
    return fits
  }

  /** @param text of characters up to U+00FF, as heads and `writeEnd` give them */
  writeFact(kind: number, call: number, text: string): boolean {
    return this.#writeText(kind, call, this.#monotonic(), text)
  }

  /** Writes that nothing more comes of a call. */
  writeLast(kind: number, call: number, text: string): void {
    if (this.writeFact(kind, call, text)) return
    this.#unended.push(call)
    this.#lost += 1
  }

  /**
   * Goes on on another tape, whose reader knows nothing of the calls that are under way.
   * @returns calls that were begun on the tape before and that its reader never settled, and the newest pack that it had
   */
  change(tape: Tape): Unsettled {
    const { settled, settledPack } = this.#tape.ring
    const calls = this.#begunHere - this.#unended.length - settled
    this.#tape = tape
    this.keep(this.#kept)
    this.#begunHere = 0
    this.#unended = []
    return { calls, settledPack }
  }

  #discardUnended(): void {
    for (let call = this.#unended[0]; call !== undefined; call = this.#unended[0]) {
      if (!this.writeFact(kinds.discard, call, '')) return
      this.#unended.shift()
    }
  }

  #writeText(kind: number, call: number, at: number, text: string, spareBytes = 0): boolean {
    const fits = this.#tape.ring.writeLatin1(kind, call, at, text, spareBytes)
    this.#written(kind)
    return fits
  }

  #written(kind: number): void {
    const { ring, onWritten } = this.#tape
    if (ring.takeSleeping()) this.#wake()
    onWritten?.(kind)
  }
}

/**
 * One call on the tape, to be shown everything after the client or the upstream has it. From the first bytes of a body
 * that find no room, the rest of that body is left out and counted.
 */
export class TappedCall {
  readonly #tap: Tap
  readonly #number: number
  /** False where its beginning found no room: then nothing of it is written. */
  readonly #isOnTape: boolean
  #requestShed = 0
  #responseShed = 0

  constructor(tap: Tap, number: number, isOnTape: boolean) {
    this.#tap = tap
    this.#number = number
    this.#isOnTape = isOnTape
  }

  requestData(chunk: Buffer): void {
    if (!this.#isOnTape) return
    const fits = this.#requestShed === 0 && this.#tap.writeBody(kinds.requestData, this.#number, chunk)
    if (!fits) this.#requestShed += chunk.length
  }

  /** All of a held body is there. */
  requestEnd(): void {
    if (this.#isOnTape) this.#tap.writeFact(kinds.requestEnd, this.#number, '')
  }

  requestNotHeld(): void {
    if (this.#isOnTape) this.#tap.writeFact(kinds.requestNotHeld, this.#number, '')
  }

  /** @param fields name, value, ... */
  responseHead(status: number, fields: readonly string[]): void {
    if (this.#isOnTape)
      this.#tap.writeFact(kinds.responseHead, this.#number, writeResponseHead(status, fields))
  }

  /** @param chunk as the upstream sent it: still compressed, the usage frame still in it */
  responseData(chunk: Buffer): void {
    if (!this.#isOnTape) return
    const fits = this.#responseShed === 0 && this.#tap.writeBody(kinds.responseData, this.#number, chunk)
    if (!fits) this.#responseShed += chunk.length
  }

  /** Called once, last. @param requestBytes what the client sent of its own body */
  end(end: RelayEnd, requestBytes: number, usageOption: UsageOption = 'none'): void {
    if (!this.#isOnTape) return
    const [requestShed, responseShed] = [this.#requestShed, this.#responseShed]
    const text = writeEnd({ end, requestBytes, requestShed, responseShed, usageOption })
    this.#tap.writeLast(kinds.end, this.#number, text)
  }

  /** The client left within its request: there was no call. Called once, last. */
  discard(): void {
    if (this.#isOnTape) this.#tap.writeLast(kinds.discard, this.#number, '')
  }
}

import { type CallBegin, kinds, writeBegin, writeEnd, writeResponseHead } from './messages.ts'
import type { RelayEnd } from './relay-end.ts'
import type { RingWriter } from './ring.ts'

export type TapOptions = {
  readonly ring: RingWriter
  /** Bytes of bodies leave this much of the ring free: heads and ends of many calls still fit when bodies no longer do. */
  readonly spareBytes: number
  /** ms; the only clock of what is recorded */
  readonly monotonic: () => number
  /** Called when there is something for a reader that sleeps. */
  readonly wake: () => void
}

/** Where the relay leaves what goes by, for the recorder. It neither waits nor throws. */
export class Tap {
  readonly #options: TapOptions
  #begun = 0
  #lost = 0

  constructor(options: TapOptions) {
    this.#options = options
  }

  /** Calls that were begun on the tape, modulo 2^32. */
  get begunCalls(): number {
    return this.#begun
  }

  /** Calls of which nothing can be recorded, because their beginning or their end found no room. */
  get lostCalls(): number {
    return this.#lost
  }

  begin(call: CallBegin, startedMonotonic: number): TappedCall {
    this.#begun = (this.#begun + 1) | 0
    const fits = this.#writeText(kinds.begin, this.#begun, startedMonotonic, writeBegin(call))
    if (!fits) this.#lost += 1
    return new TappedCall(this, this.#begun, fits)
  }

  /** @returns false where a body's bytes found no room */
  writeBody(kind: number, call: number, chunk: Buffer): boolean {
    const { ring, spareBytes, monotonic, wake } = this.#options
    const fits = ring.write(kind, call, monotonic(), chunk, spareBytes)
    if (ring.takeSleeping()) wake()
    return fits
  }

  /** Writes what the record cannot do without. */
  writeFact(kind: number, call: number, text: string): void {
    if (!this.#writeText(kind, call, this.#options.monotonic(), text)) this.#lost += 1
  }

  /** @param text of characters up to U+00FF, as heads and `writeEnd` give them */
  #writeText(kind: number, call: number, at: number, text: string): boolean {
    const { ring, wake } = this.#options
    const fits = ring.writeLatin1(kind, call, at, text)
    if (ring.takeSleeping()) wake()
    return fits
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
  end(end: RelayEnd, requestBytes: number): void {
    if (!this.#isOnTape) return
    const [requestShed, responseShed] = [this.#requestShed, this.#responseShed]
    this.#tap.writeFact(kinds.end, this.#number, writeEnd({ end, requestBytes, requestShed, responseShed }))
  }

  /** The client left within its request: there was no call. Called once, last. */
  discard(): void {
    if (this.#isOnTape) this.#tap.writeFact(kinds.discard, this.#number, '')
  }
}

import {
  type FrameReader,
  frameBytes,
  headBytes,
  RingView,
  readWord,
  settledWord,
  sleepingWord,
  type TapePlace,
  wrapMark,
  writtenWord,
} from './ring.ts'

/** The recording thread's side of a ring; by peeking, also that of whoever looks at what it has not come to. */
export class RingReader extends RingView {
  #read = 0
  /** How far `peek` has come. */
  #peeked = 0
  #peekedFrames = 0

  /**
   * Hands over the frames that have come since the last time, and leaves them there. Whoever peeks must not read further.
   * @param visit gets a payload that is valid only until it returns; must not throw
   * @param maxBytes after so many bytes the rest is left for the next time
   * @returns the position behind them
   */
  peek(visit: FrameReader, maxBytes = Number.POSITIVE_INFINITY): number {
    const written = Atomics.load(this.control, writtenWord)
    const begin = this.#peeked
    while (this.#peeked !== written && ((this.#peeked - begin) | 0) < maxBytes) {
      if (this.#visitAt(this.#peeked, visit)) this.#peekedFrames = (this.#peekedFrames + 1) | 0
      this.#peeked = this.#after(this.#peeked)
    }
    return this.#peeked
  }

  /** Bytes that peeking has yet to come to. More than the memory has: they have been written over. */
  get unpeeked(): number {
    return (Atomics.load(this.control, writtenWord) - this.#peeked) >>> 0
  }

  /** Passes over frames that are safe. @returns whether there were any */
  skipSafe(): boolean {
    const { frames, position } = this.safe
    if (((position - this.#peeked) | 0) <= 0) return false
    this.#peeked = position
    this.#peekedFrames = frames
    return true
  }

  /** Passes over them. @param frames that were written so far, of which the writer alone knows */
  skipUnpeeked(frames: number): void {
    this.#peeked = Atomics.load(this.control, writtenWord)
    this.#peekedFrames = frames
  }

  /** How far peeking has come. */
  get peeked(): TapePlace {
    return { frames: this.#peekedFrames, position: this.#peeked }
  }

  /** Says that a kill of the process does not take what is in front of this place any more. */
  noteSafe(place: TapePlace): void {
    this.safe = place
  }

  /**
   * Hands over the frames that are there, and frees their memory.
   * @param visit gets a payload that is valid only until it returns
   * @param maxBytes after so many bytes the rest is left for the next time
   * @param end the position to stop at, where not all is to be read
   * @returns bytes that became free: 0 where there was no frame
   */
  read(
    visit: FrameReader,
    maxBytes = Number.POSITIVE_INFINITY,
    end = Atomics.load(this.control, writtenWord),
  ): number {
    const begin = this.#read
    let bytes = 0
    while (((end - this.#read) | 0) > 0 && bytes < maxBytes) {
      const next = this.#after(this.#read)
      try {
        this.#visitAt(this.#read, visit)
      } finally {
        this.#read = next
        Atomics.store(this.control, readWord, next)
      }
      bytes = (next - begin) | 0
    }
    return bytes
  }

  /** Says that the writer has to wake the reader. @returns false where frames have come meanwhile */
  sleep(): boolean {
    Atomics.store(this.control, sleepingWord, 1)
    if (Atomics.load(this.control, writtenWord) === this.#read) return true
    Atomics.store(this.control, sleepingWord, 0)
    return false
  }

  /** Notes that so many calls are done with: their records are safe, or counted as dropped. */
  settle(calls: number): void {
    Atomics.add(this.control, settledWord, calls)
  }

  /** Notes that calls of packs up to this one are settled. */
  settlePack(number: number): void {
    this.pack = number
  }

  /** @returns false where there is a mark, and no frame */
  #visitAt(position: number, visit: FrameReader): boolean {
    const offset = position & (this.size - 1)
    const word = offset >> 2
    const length = this.words[word] as number
    if (length === wrapMark) return false
    const kind = this.words[word + 1] as number
    const call = this.words[word + 2] as number
    const at = this.times[(offset + 16) >> 3] as number
    visit(kind, call, at, this.bytes.subarray(offset + headBytes, offset + headBytes + length))
    return true
  }

  /** @returns the position behind the frame, or the mark, at this one */
  #after(position: number): number {
    const offset = position & (this.size - 1)
    const length = this.words[offset >> 2] as number
    return (position + (length === wrapMark ? this.size - offset : frameBytes(length))) | 0
  }
}

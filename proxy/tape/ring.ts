/**
 * A bounded queue of frames between two threads, one writing and one reading, in shared memory: no locks, no system
 * calls, no objects on the way. What does not fit is refused at once; the writer never waits.
 *
 * A frame is 24 bytes of head (length, kind, call, time) and its payload, padded to 8. It never wraps around the end
 * of the memory: what would is written at its beginning, behind a mark that says so.
 */
export type RingMemory = SharedArrayBuffer

/** Words of the control block. Positions count all bytes ever written or read, modulo 2^32. */
const writtenWord = 0
const readWord = 1
const sleepingWord = 2
/** Calls that the reader is done with. */
const settledWord = 3
/** In 64 bits, so that both are of the same moment: frames that are safe (the upper half), and the position behind them. */
const safeByte = 16
const controlBytes = 64

const headBytes = 24
/** In place of a length: the next frame stands at the beginning of the memory. */
const wrapMark = -1

/** @param bytes a power of two, so that positions that overflow 32 bits still fall on the same place */
export function createRingMemory(bytes: number): RingMemory {
  if ((bytes & (bytes - 1)) !== 0) throw new RangeError(`${bytes} is not a power of two`)
  return new SharedArrayBuffer(controlBytes + bytes)
}

/** What a frame carries beside its payload. `at`: ms on the writer's monotonic clock. */
export type FrameReader = (kind: number, call: number, at: number, payload: Buffer) => void

/** A place on the tape: frames in front of it, from the first one on, and its position; both modulo 2^32, signed. */
export type TapePlace = { readonly frames: number; readonly position: number }

class RingView {
  protected readonly control: Int32Array
  readonly #safe: BigInt64Array
  protected readonly words: Int32Array
  protected readonly times: Float64Array
  protected readonly bytes: Buffer
  readonly size: number

  constructor(memory: RingMemory) {
    this.control = new Int32Array(memory, 0, controlBytes / 4)
    this.#safe = new BigInt64Array(memory, safeByte, 1)
    this.words = new Int32Array(memory, controlBytes)
    this.times = new Float64Array(memory, controlBytes)
    this.bytes = Buffer.from(memory, controlBytes)
    this.size = this.bytes.length
  }

  /** How far, from the first frame on, a kill of the process takes nothing: the reader's crash journal has it. */
  protected get safe(): TapePlace {
    const both = Atomics.load(this.#safe, 0)
    return { frames: Number(both >> 32n), position: Number(BigInt.asIntN(32, both)) }
  }

  protected set safe({ frames, position }: TapePlace) {
    Atomics.store(this.#safe, 0, (BigInt(frames) << 32n) | BigInt.asUintN(32, BigInt(position)))
  }
}

export class RingWriter extends RingView {
  /** The last position that the reader was seen at: asked again only where that is not enough. */
  #read = 0
  #written = 0
  #frames = 0

  /** @returns false where it does not fit beside `spareBytes`, which stay free for what matters more */
  write(kind: number, call: number, at: number, payload: Uint8Array, spareBytes = 0): boolean {
    const place = this.#claim(payload.length, spareBytes)
    if (place < 0) return false
    this.bytes.set(payload, place + headBytes)
    this.#publish(place, payload.length, kind, call, at)
    return true
  }

  /** The same for a text of characters up to U+00FF, one byte each. */
  writeLatin1(kind: number, call: number, at: number, text: string, spareBytes = 0): boolean {
    const place = this.#claim(text.length, spareBytes)
    if (place < 0) return false
    this.bytes.write(text, place + headBytes, 'latin1')
    this.#publish(place, text.length, kind, call, at)
    return true
  }

  /** Share of the memory that the reader has not freed: 0 to 1. */
  get fill(): number {
    return ((this.#written - Atomics.load(this.control, readWord)) | 0) / this.size
  }

  /** True where the reader has gone to sleep and must be woken; asked once, it is taken for awake. */
  takeSleeping(): boolean {
    return (
      Atomics.load(this.control, sleepingWord) === 1 &&
      Atomics.compareExchange(this.control, sleepingWord, 1, 0) === 1
    )
  }

  /** What the reader has settled so far; readable after its thread has died, too. */
  get settled(): number {
    return Atomics.load(this.control, settledWord)
  }

  /** Frames that were written so far, modulo 2^32. */
  get frames(): number {
    return this.#frames
  }

  /** Frames, from the first one on, that the reader's journal has. */
  get safeFrames(): number {
    return this.safe.frames
  }

  /** @returns where a frame of this payload begins, or -1 where there is no room */
  #claim(payloadBytes: number, spareBytes: number): number {
    const needed = frameBytes(payloadBytes)
    let offset = this.#written & (this.size - 1)
    const skipped = this.size - offset < needed ? this.size - offset : 0
    if (!this.#hasRoom(skipped + needed + spareBytes)) return -1
    if (skipped > 0) {
      this.words[offset >> 2] = wrapMark
      this.#written = (this.#written + skipped) | 0
      offset = 0
    }
    return offset
  }

  #hasRoom(bytes: number): boolean {
    if (this.size - ((this.#written - this.#read) | 0) >= bytes) return true
    this.#read = Atomics.load(this.control, readWord)
    return this.size - ((this.#written - this.#read) | 0) >= bytes
  }

  #publish(place: number, length: number, kind: number, call: number, at: number): void {
    const word = place >> 2
    this.words[word] = length
    this.words[word + 1] = kind
    this.words[word + 2] = call
    this.times[(place + 16) >> 3] = at
    this.#written = (this.#written + frameBytes(length)) | 0
    this.#frames = (this.#frames + 1) | 0
    // The release that makes the frame visible to the reader.
    Atomics.store(this.control, writtenWord, this.#written)
  }
}

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

const frameBytes = (payloadBytes: number): number => (headBytes + payloadBytes + 7) & ~7

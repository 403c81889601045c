/**
 * A bounded queue of frames between two threads, one writing and one reading, in shared memory: no locks, no system
 * calls, no objects on the way. What does not fit is refused at once; the writer never waits.
 *
 * A frame is 24 bytes of head (length, kind, call, time) and its payload, padded to 8. It never wraps around the end
 * of the memory: what would is written at its beginning, behind a mark that says so.
 */
export type RingMemory = SharedArrayBuffer

/** Words of the control block. Positions count all bytes ever written or read, modulo 2^32. */
export const writtenWord = 0
export const readWord = 1
export const sleepingWord = 2
/** Calls that the reader is done with. */
export const settledWord = 3
/** In 64 bits, so that both are of the same moment: frames that are safe (the upper half), and the position behind them. */
const safeByte = 16
/** Also in 64 bits: the newest pack of records whose calls the reader has settled. */
const packByte = 24
const controlBytes = 64

export const headBytes = 24
/** In place of a length: the next frame stands at the beginning of the memory. */
export const wrapMark = -1

/** @param bytes a power of two, so that positions that overflow 32 bits still fall on the same place */
export function createRingMemory(bytes: number): RingMemory {
  if ((bytes & (bytes - 1)) !== 0) throw new RangeError(`${bytes} is not a power of two`)
  return new SharedArrayBuffer(controlBytes + bytes)
}

/** What a frame carries beside its payload. `at`: ms on the writer's monotonic clock. */
export type FrameReader = (kind: number, call: number, at: number, payload: Buffer) => void

/** A place on the tape: frames in front of it, from the first one on, and its position; both modulo 2^32, signed. */
export type TapePlace = { readonly frames: number; readonly position: number }

/** What both sides see of it. */
export abstract class RingView {
  protected readonly control: Int32Array
  readonly #safe: BigInt64Array
  readonly #pack: BigInt64Array
  protected readonly words: Int32Array
  protected readonly times: Float64Array
  protected readonly bytes: Buffer
  readonly size: number

  constructor(memory: RingMemory) {
    this.control = new Int32Array(memory, 0, controlBytes / 4)
    this.#safe = new BigInt64Array(memory, safeByte, 1)
    this.#pack = new BigInt64Array(memory, packByte, 1)
    this.words = new Int32Array(memory, controlBytes)
    this.times = new Float64Array(memory, controlBytes)
    this.bytes = Buffer.from(memory, controlBytes)
    this.size = this.bytes.length
  }

  /** Number of the newest pack whose calls the reader has settled. */
  protected get pack(): number {
    return Number(Atomics.load(this.#pack, 0))
  }

  protected set pack(number: number) {
    Atomics.store(this.#pack, 0, BigInt(number))
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

/** @returns bytes that a frame takes */
export const frameBytes = (payloadBytes: number): number => (headBytes + payloadBytes + 7) & ~7

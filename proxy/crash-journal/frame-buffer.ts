import { batchHeadBytes, closeBatch, frameBytes, type TapeRange, writeFrameHead } from './frame-file.ts'

/** A buffer that has grown beyond this is not kept. */
const keptBytes = 1_048_576
const initialBytes = 65_536

/** Frames that wait to be written, as one batch. */
export class FrameBuffer {
  #bytes: Buffer = Buffer.allocUnsafe(initialBytes)
  #spare: Buffer | undefined
  #used = batchHeadBytes

  get size(): number {
    return this.#used - batchHeadBytes
  }

  add(kind: number, call: number, at: number, payload: Uint8Array): void {
    const { length } = payload
    const begin = this.#claim(kind, call, at, length)
    this.#bytes.set(payload, begin)
  }

  /** The same for a text of characters up to U+00FF. */
  addLatin1(kind: number, call: number, at: number, text: string): void {
    const begin = this.#claim(kind, call, at, text.length)
    this.#bytes.write(text, begin, 'latin1')
  }

  /**
   * @param tape what the frames are of
   * @returns the batch, to be given back with `release` when it has been written
   */
  take(tape: TapeRange): Buffer {
    const batch = this.#bytes.subarray(0, this.#used)
    closeBatch(batch, tape)
    this.#bytes = this.#spare ?? Buffer.allocUnsafe(initialBytes)
    this.#spare = undefined
    this.#used = batchHeadBytes
    return batch
  }

  release(batch: Buffer): void {
    // The slice of a larger buffer that `take` has cut off.
    const whole = Buffer.from(batch.buffer)
    if (batch.byteOffset === 0 && whole.length <= keptBytes) this.#spare = whole
  }

  /** Forgets what waits. */
  clear(): void {
    this.#bytes = Buffer.allocUnsafe(initialBytes)
    this.#used = batchHeadBytes
  }

  #claim(kind: number, call: number, at: number, length: number): number {
    const offset = this.#used
    this.#used += frameBytes(length)
    if (this.#used > this.#bytes.length) this.#grow(offset)
    return writeFrameHead(this.#bytes, offset, { length, kind, call, at })
  }

  #grow(used: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#used, 2 * this.#bytes.length))
    this.#bytes.copy(larger, 0, 0, used)
    this.#bytes = larger
  }
}

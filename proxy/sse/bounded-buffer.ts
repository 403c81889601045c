/** In bytes. */
const firstCapacity = 4096
/** In bytes; a larger buffer releases its memory when emptied. */
const maxIdleCapacity = 65_536

/**
 * Collects bytes up to a limit; bytes over it are counted and discarded.
 *
 * Copies instead of keeping the chunks: a chunk of one byte would otherwise retain its whole socket buffer, and a body
 * of one-byte chunks a Buffer object per byte.
 */
export class BoundedBuffer {
  readonly #maxBytes: number
  #kept = noBytes
  #size = 0
  #overflow = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Bytes kept so far. */
  get size(): number {
    return this.#size
  }

  /** Bytes discarded. */
  get overflow(): number {
    return this.#overflow
  }

  add(bytes: Buffer): void {
    const fitting = Math.min(bytes.length, this.#maxBytes - this.#size)
    this.#overflow += bytes.length - fitting
    this.#makeRoom(this.#size + fitting)
    bytes.copy(this.#kept, this.#size, 0, fitting)
    this.#size += fitting
  }

  /** @returns the bytes kept, valid until the next `add`; empties the buffer */
  take(): Buffer {
    const taken = this.#kept.subarray(0, this.#size)
    if (this.#kept.length > maxIdleCapacity) this.#kept = noBytes
    this.#size = 0
    this.#overflow = 0
    return taken
  }

  #makeRoom(needed: number): void {
    if (needed <= this.#kept.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#kept.length * 2, firstCapacity))
    this.#kept.copy(grown, 0, 0, this.#size)
    this.#kept = grown
  }
}

const noBytes: Buffer = Buffer.alloc(0)

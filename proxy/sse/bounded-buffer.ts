/** Collects bytes up to a limit; bytes over it are counted and discarded. */
export type BoundedBuffer = {
  /** Bytes kept so far. */
  readonly size: number
  /** Bytes discarded. */
  readonly overflow: number
  add(bytes: Buffer): void
  /** @returns the bytes kept, valid until the next `add`; empties the buffer */
  take(): Buffer
}

/** In bytes. */
const firstCapacity = 4096
/** In bytes; a larger buffer releases its memory when emptied. */
const maxIdleCapacity = 65_536

/**
 * Copies instead of keeping the chunks: a chunk of one byte would otherwise retain its whole socket buffer, and a body
 * of one-byte chunks a Buffer object per byte.
 */
export function createBoundedBuffer(maxBytes: number): BoundedBuffer {
  let kept = Buffer.alloc(0)
  let size = 0
  let overflow = 0

  function makeRoom(needed: number): void {
    if (needed <= kept.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, kept.length * 2, firstCapacity))
    kept.copy(grown, 0, 0, size)
    kept = grown
  }

  return {
    get size() {
      return size
    },
    get overflow() {
      return overflow
    },
    add(bytes) {
      const fitting = Math.min(bytes.length, maxBytes - size)
      overflow += bytes.length - fitting
      makeRoom(size + fitting)
      bytes.copy(kept, size, 0, fitting)
      size += fitting
    },
    take() {
      const taken = kept.subarray(0, size)
      if (kept.length > maxIdleCapacity) kept = Buffer.alloc(0)
      size = 0
      overflow = 0
      return taken
    },
  }
}

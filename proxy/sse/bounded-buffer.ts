/** Bytes copied together up to a limit; what is over it is counted and not kept. */
export type BoundedBuffer = {
  /** Bytes kept so far. */
  readonly size: number
  /** Bytes that found no room. */
  readonly overflow: number
  add(bytes: Buffer): void
  /** @returns what was kept, valid until the next `add`; the store is empty afterwards */
  take(): Buffer
}

const firstCapacity = 4096
/** A store that once held more gives its memory back when emptied. */
const idleCapacity = 65_536

/**
 * Copies instead of keeping the chunks: a chunk of one byte would otherwise hold its whole socket buffer,
 * and a body of one-byte chunks a Buffer object per byte.
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
      if (kept.length > idleCapacity) kept = Buffer.alloc(0)
      size = 0
      overflow = 0
      return taken
    },
  }
}

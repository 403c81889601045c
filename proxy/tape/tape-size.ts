import { memoryLimit } from '../../shared/memory-limit.ts'
import type { RingMemory } from './ring.ts'

/**
 * Enough for what goes by while the recorder parses the largest body: some hundred ms. Pages that were never written to
 * take no memory.
 */
const maxPower = 25

/** Room for what every call puts there, and for bodies of common size. */
const minPower = 22

/** What is on the tape takes several times its size while it becomes records. */
const share = 1 / 32

/**
 * @param limit bytes of memory that the process may use
 * @returns a power of two
 */
export function tapeBytes(limit = memoryLimit()): number {
  const power = Math.floor(Math.log2(limit * share))
  return 2 ** Math.min(maxPower, Math.max(minPower, power))
}

/** Of the tape, what bodies may not take: heads and ends of many calls still fit when bodies no longer do. */
export const spareBytesOf = (memory: RingMemory): number => memory.byteLength / 8

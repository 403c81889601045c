import type { RingMemory } from './ring.ts'

/**
 * Enough for what goes by while the recorder parses the largest body: some hundred ms. Pages that were never written to
 * take no memory.
 */
export const tapeBytes = 33_554_432

/** Of the tape, what bodies may not take: heads and ends of many calls still fit when bodies no longer do. */
export const spareBytesOf = (memory: RingMemory): number => memory.byteLength / 8

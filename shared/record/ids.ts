import { randomFillSync } from 'node:crypto'

// One call to the system's random source serves 256 ids: a single randomBytes(16) costs more than everything
// else that an id takes.
const pool = Buffer.allocUnsafe(4096)
let usedBytes = pool.length

function randomHex(bytes: number): string {
  if (usedBytes + bytes > pool.length) {
    randomFillSync(pool)
    usedBytes = 0
  }
  usedBytes += bytes
  return pool.toString('hex', usedBytes - bytes, usedBytes)
}

/** @returns 32 lower-case hex characters (W3C trace-id). */
export const newTraceId = (): string => randomHex(16)

/** @returns 16 lower-case hex characters (W3C parent-id). */
export const newSpanId = (): string => randomHex(8)

/**
 * Begins with the time, as UUID version 7 does: stores sorted by key are then only appended to, which spares
 * LevelDB most of its compaction.
 * @param atMs wall clock, ms since 1970
 * @returns 32 lower-case hex characters: 12 of the time, 20 random
 */
export const newRecordId = (atMs: number): string => atMs.toString(16).padStart(12, '0') + randomHex(10)

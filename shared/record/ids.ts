import { randomFillSync } from 'node:crypto'

// One call to the system's random source serves 256 ids: a single randomBytes(16) costs more than the rest
// of making an id.
const pool = Buffer.allocUnsafe(4096)
let used = pool.length

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}

/** @returns 32 lower-case hex characters (W3C trace-id). */
export const newTraceId = (): string => randomHex(16)

/** @returns 16 lower-case hex characters (W3C parent-id). */
export const newSpanId = (): string => randomHex(8)

/**
 * Begins with the time, as UUID version 7 does: stores that sort by key are then written at their end only,
 * which spares LevelDB most of its compaction.
 * @param atMs wall clock, ms since 1970
 * @returns 32 lower-case hex characters naming one record: 12 of the time, 20 at random
 */
export const newRecordId = (atMs: number): string => atMs.toString(16).padStart(12, '0') + randomHex(10)

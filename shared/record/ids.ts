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

/** @returns 32 lower-case hex characters naming one record. */
export const newRecordId = (): string => randomHex(16)

import { memoryLimit } from '../../shared/memory-limit.ts'

const mebibyte = 1_048_576

/** Of a container: beside it stand the bodies that the relay holds, and the records that calls have become. */
const share = 1 / 32

/** Room for the request bodies of all calls under way: what is read of one is held until the call has a record. */
export type BodyRoom = {
  /** @returns false where there is none: nothing is taken then */
  take(bytes: number): boolean
  give(bytes: number): void
}

/** @param limit bytes of memory that the process may use */
export function createBodyRoom(limit = memoryLimit()): BodyRoom {
  let left = Math.min(512 * mebibyte, Math.floor(limit * share))
  return {
    take(bytes) {
      if (bytes > left) return false
      left -= bytes
      return true
    },
    give(bytes) {
      left += bytes
    },
  }
}

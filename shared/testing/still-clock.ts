import type { Clock } from '../timing/clock.ts'

/** A clock that moves only by `advance`. */
export type StillClock = Clock & { advance(ms: number): void }

export function stillClock(startedAt = 1_790_000_000_000): StillClock {
  let elapsed = 0
  return {
    now: () => startedAt + elapsed,
    monotonic: () => elapsed,
    advance(ms) {
      elapsed += ms
    },
  }
}

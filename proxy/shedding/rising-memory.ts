import type { Clock } from '../../shared/timing/clock.ts'

/** Share of the limit below which a change counts as neither a rise nor a fall. */
const noise = 0.01

const restMs = 10_000

/** Memory goes up and down with each collection of garbage: only what stays down for so long has fallen. */
const fallMs = 30_000

/**
 * What is freed mostly stays with the process, which uses it again: memory that is high and does not rise is no reason to keep
 * less, and would be one for ever.
 * @returns of each share that is given to it the same, or 0 where it has not risen for a while
 */
export function createRisingMemory(clock: Pick<Clock, 'monotonic'>): (share: number) => number {
  let highest = 0
  let risenAt = Number.NEGATIVE_INFINITY
  let belowSince: number | undefined

  return (share) => {
    const now = clock.monotonic()
    if (share > highest + noise) {
      highest = share
      risenAt = now
    }
    belowSince = share < highest - noise ? (belowSince ?? now) : undefined
    if (belowSince !== undefined && now - belowSince >= fallMs) highest = share
    return now - risenAt < restMs ? share : 0
  }
}

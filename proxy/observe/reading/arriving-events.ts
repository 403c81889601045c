import type { Json } from '../../../shared/json.ts'
import type { Fold } from '../folds/fold.ts'
import { ArrivalTimes } from './arrival-times.ts'
import { createUnrecognizedEvents } from './unrecognized-events.ts'

export type ArrivingEvents = ReturnType<typeof createArrivingEvents>

/** The events of one stream: folded as they come, with the times at which they came. */
export function createArrivingEvents(fold: Fold) {
  const arrivals = new ArrivalTimes()
  const unrecognized = createUnrecognizedEvents()
  let now = 0
  let firstTokenAt: number | undefined
  let unseenBytes = 0

  return {
    /** @param at ms of the monotonic clock, for the events that the chunk completes */
    chunkArrived(at: number): void {
      now = at
    },

    /** @param size characters of the event as JSON */
    add(event: Json, size: number): void {
      arrivals.add(now)
      if (fold.add(event)) firstTokenAt ??= now
      if (firstTokenAt === undefined) unrecognized.add(event, size)
    },

    /** An event that cannot be read. */
    skip(bytes: number): void {
      arrivals.add(now)
      unseenBytes += bytes
    },

    /** What is no event of the response. */
    passOver(bytes: number): void {
      unseenBytes += bytes
    },

    unrecognizedOutput: unrecognized.output,

    firstTokenAt: (): number | undefined => firstTokenAt,

    read: () => ({
      events: arrivals.count,
      largestGapMs: arrivals.largestGapMs,
      largestGapAt: arrivals.largestGapAt,
      lastEventAt: arrivals.lastAt,
      firstTokenAt,
      unseenBytes,
    }),
  }
}

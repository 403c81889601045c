import type { Clock } from '../../shared/timing/clock.ts'
import type { Batcher } from './batcher.ts'
import type { Admission, Gate } from './gate.ts'
import type { PendingRecord } from './pending-record.ts'

export type SchedulerParts = {
  readonly batcher: Batcher<PendingRecord>
  readonly gate: Gate
  readonly clock: Clock
  /** Whether another batch may be in flight. */
  readonly canStart: () => boolean
  /** Of a full batch: less for a sink that was too slow. */
  readonly share: () => number
  readonly start: (batch: readonly PendingRecord[], admission: Admission) => void
}

/**
 * @returns starts every batch that is due and admitted, and sets a timer for the next one; to be called whenever
 * that may have changed
 */
export function createScheduler({
  batcher,
  gate,
  clock,
  canStart,
  share,
  start,
}: SchedulerParts): () => void {
  let timer: NodeJS.Timeout | undefined

  /** @returns undefined where only a new record, or the end of a probe, can make a batch due */
  function nextBatchInMs(): number | undefined {
    const dueInMs = batcher.dueInMs(clock.monotonic())
    const opensInMs = gate.opensInMs()
    return dueInMs === undefined || opensInMs === undefined ? undefined : Math.max(dueInMs, opensInMs)
  }

  return function startDueBatches(): void {
    clearTimeout(timer)
    while (canStart()) {
      const waitMs = nextBatchInMs()
      if (waitMs === undefined) return
      if (waitMs > 0) {
        timer = setTimeout(startDueBatches, Math.ceil(waitMs))
        return
      }
      const admission = gate.admit()
      if (admission === undefined) return
      start(batcher.take(share()), admission)
    }
  }
}

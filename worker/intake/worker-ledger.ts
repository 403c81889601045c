import { addCounts, type Counts, noCounts, type ReadLedger, totalOf } from '../../shared/ledger/ledger.ts'
import type { Consume } from '../../shared/queue/carrier.ts'
import { type OnUnreadable, unreadableCounts } from '../../shared/queue/settlement.ts'

/** The ledger of a worker process: what it has taken since it started, and the outcomes. */
export type WorkerLedger = {
  /** Wraps a consumer so that its records are counted. */
  countConsumed(consume: Consume): Consume
  /** Wraps what keeps unreadable packs so that their records are counted. */
  countUnreadable(onUnreadable: OnUnreadable): OnUnreadable
  readonly read: ReadLedger
}

export function workerLedger(): WorkerLedger {
  let inProgress = 0
  let counts: Counts = noCounts

  async function trackProgress<T>(records: number, work: () => Promise<T>): Promise<T> {
    inProgress += records
    try {
      return await work()
    } finally {
      inProgress -= records
    }
  }

  return {
    countConsumed: (consume) => (pack, signal) =>
      trackProgress(pack.records.length, async () => {
        const settlement = await consume(pack, signal)
        counts = addCounts(counts, settlement.settled)
        return settlement
      }),

    countUnreadable: (onUnreadable) => (pack, cause) =>
      trackProgress(pack.records, async () => {
        const kept = await onUnreadable(pack, cause)
        counts = addCounts(counts, unreadableCounts(pack.records, kept))
        return kept
      }),

    read: async () => ({ ...counts, accepted: inProgress + totalOf(counts), spooled: 0, queued: inProgress }),
  }
}

import { addCounts, type Counts, noCounts, type ReadLedger, totalOf } from '../../shared/ledger/ledger.ts'
import type { Consume } from '../../shared/queue/carrier.ts'
import { givenUp, type OnUnreadable } from '../../shared/queue/settlement.ts'

/** The ledger of a worker process: what it took since it started, and what became of it. */
export type WorkerLedger = {
  /** Counts what goes through a consumer. */
  consuming(consume: Consume): Consume
  /** Counts what nobody can read. */
  keeping(onUnreadable: OnUnreadable): OnUnreadable
  readonly read: ReadLedger
}

export function workerLedger(): WorkerLedger {
  let inHand = 0
  let counts: Counts = noCounts

  async function inHands<T>(records: number, work: () => Promise<T>): Promise<T> {
    inHand += records
    try {
      return await work()
    } finally {
      inHand -= records
    }
  }

  return {
    consuming: (consume) => (pack, signal) =>
      inHands(pack.records.length, async () => {
        const settlement = await consume(pack, signal)
        counts = addCounts(counts, settlement.settled)
        return settlement
      }),

    keeping: (onUnreadable) => (pack, cause) =>
      inHands(pack.records, async () => {
        const kept = await onUnreadable(pack, cause)
        counts = addCounts(counts, givenUp(pack.records, kept))
        return kept
      }),

    read: async () => ({ ...counts, accepted: inHand + totalOf(counts), spooled: 0, queued: inHand }),
  }
}

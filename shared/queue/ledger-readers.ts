import type { Redis } from 'ioredis'
import type { Consume } from './carrier.ts'
import { addCounts, type Counts, noCounts, type ReadLedger, totalOf } from './ledger.ts'
import type { QueueNames } from './queue-names.ts'
import { readSettled } from './settled.ts'
import { givenUp, type OnUnreadable } from './settlement.ts'
import type { Spool } from './spool.ts'

/** Whoever has accepted records in memory that the spool has not seen yet: the outbox. */
export type Accepting = { waiting(): number }

/** The ledger where the worker reads the spool itself. */
export function embeddedLedger(spool: Spool, outbox: Accepting): ReadLedger {
  return async () => {
    const ledger = spool.ledger()
    const waiting = outbox.waiting()
    return { ...ledger, accepted: ledger.accepted + waiting, spooled: ledger.spooled + waiting }
  }
}

/**
 * The ledger of a proxy whose packs go through Redis: what became of them there is read from there, or
 * remembered from the last time while Redis is away.
 */
export function proxyLedger(spool: Spool, outbox: Accepting, redis: Redis, names: QueueNames): ReadLedger {
  const own = embeddedLedger(spool, outbox)
  let settled = noCounts
  return async () => {
    settled = await readSettled(redis, names, spool.origin).catch(() => settled)
    const ledger = await own()
    const queued = ledger.queued - totalOf(settled)
    // A worker may be done with a pack before the spool has noted that Redis took it.
    const ahead = Math.max(0, -queued)
    return {
      ...ledger,
      ...addCounts(ledger, settled),
      spooled: ledger.spooled - ahead,
      queued: queued + ahead,
    }
  }
}

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

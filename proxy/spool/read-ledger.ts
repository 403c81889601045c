import type { Redis } from 'ioredis'
import { addCounts, noCounts, type ReadLedger, totalOf } from '../../shared/ledger/ledger.ts'
import type { QueueNames } from '../../shared/queue/queue-names.ts'
import { readSettled } from '../../shared/queue/settled-counts.ts'
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

import type { Redis } from 'ioredis'
import { addCounts, noCounts, type ReadLedger, totalOf } from '../../shared/ledger/ledger.ts'
import type { QueueNames } from '../../shared/queue/queue-names.ts'
import { readSettled } from '../../shared/queue/settled-counts.ts'
import type { Spool } from './spool.ts'

/** The outbox: it has accepted records in memory that the spool has not seen yet. */
export type AcceptedInMemory = { unspooled(): number }

/** The ledger where the worker reads the spool itself. */
export function embeddedLedger(spool: Spool, outbox: AcceptedInMemory): ReadLedger {
  return async () => {
    const ledger = spool.ledger()
    const unspooled = outbox.unspooled()
    return { ...ledger, accepted: ledger.accepted + unspooled, spooled: ledger.spooled + unspooled }
  }
}

/**
 * The ledger of a proxy whose packs go through Redis: their outcomes are read from there, or remembered from
 * the last read while Redis is away.
 */
export function proxyLedger(
  spool: Spool,
  outbox: AcceptedInMemory,
  redis: Redis,
  names: QueueNames,
): ReadLedger {
  const readOwn = embeddedLedger(spool, outbox)
  let settled = noCounts
  return async () => {
    settled = await readSettled(redis, names, spool.origin).catch(() => settled)
    const ledger = await readOwn()
    const queued = ledger.queued - totalOf(settled)
    // A worker may settle a pack before the spool has noted that Redis has it.
    const ahead = Math.max(0, -queued)
    return {
      ...ledger,
      ...addCounts(ledger, settled),
      spooled: ledger.spooled - ahead,
      queued: queued + ahead,
    }
  }
}

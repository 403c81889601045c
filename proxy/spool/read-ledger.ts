import type { ReadLedger } from '../../shared/ledger/ledger.ts'
import { withDeadline } from '../../shared/timing/deadline.ts'
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

const readOutcomesMs = 1_000

/**
 * The ledger of a proxy whose packs go through Redis.
 * @param readOutcomes brings what workers reported into the spool; while Redis is away the ledger is as of the last report
 */
export function proxyLedger(
  spool: Spool,
  outbox: AcceptedInMemory,
  readOutcomes: () => Promise<void>,
): ReadLedger {
  const readOwn = embeddedLedger(spool, outbox)
  return async () => {
    await withDeadline(readOutcomesMs, readOutcomes).catch(() => undefined)
    return readOwn()
  }
}

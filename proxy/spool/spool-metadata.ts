import { newSpanId } from '../../shared/record/ids.ts'
import type { Change, StoredLedger } from './database.ts'
import { ledgerKey, originKey } from './pack-keys.ts'
import { emptyLedger, joinLedgers, parseLedger, type SpoolLedger } from './spool-ledger.ts'

/** The spool's name and its ledger, which are written along with every batch. */
export type SpoolMetadata = {
  readonly origin: string
  readonly ledger: SpoolLedger
  update(ledger: SpoolLedger): void
  /**
   * Takes over what the database has of it, the first time only: from then on memory is ahead of the disk.
   * @param copy what it had at last, as far as that is known from elsewhere
   * @returns false where that was done before
   */
  restore(stored: StoredLedger, copy?: StoredLedger): boolean
  changes(): readonly Change[]
  stored(): StoredLedger & { readonly origin: string; readonly ledger: string }
}

/** @returns the ledger with what a later copy of it says was accepted, and its numbers, which must not be used twice */
function withForgotten(ledger: SpoolLedger, copyText: string | undefined): SpoolLedger {
  const copy = parseLedger(copyText)
  if (copy === undefined) return ledger
  return {
    ...ledger,
    accepted: Math.max(ledger.accepted, copy.accepted),
    nextNumber: Math.max(ledger.nextNumber, copy.nextNumber),
  }
}

export function createSpoolMetadata(): SpoolMetadata {
  let origin = newSpanId()
  let ledger = emptyLedger
  let restored = false

  function restore(stored: StoredLedger, copy?: StoredLedger): boolean {
    if (restored) return false
    restored = true
    const earlier = stored.origin === undefined && copy !== undefined ? copy : stored
    const isSame = copy?.origin === earlier.origin
    origin = earlier.origin ?? origin
    const known = withForgotten(parseLedger(earlier.ledger) ?? emptyLedger, isSame ? copy?.ledger : undefined)
    ledger = joinLedgers(known, ledger)
    return true
  }

  return {
    get origin() {
      return origin
    },
    get ledger() {
      return ledger
    },
    update: (next) => {
      ledger = next
    },
    restore,
    changes: () => [
      [originKey, origin],
      [ledgerKey, JSON.stringify(ledger)],
    ],
    stored: () => ({ origin, ledger: JSON.stringify(ledger) }),
  }
}

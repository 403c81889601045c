import { totalOf } from '../../shared/ledger/ledger.ts'
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

/** @returns whichever of the two is later: counts only grow. Numbers must not be used twice in any case */
function withForgotten(ledger: SpoolLedger, copyText: string | undefined): SpoolLedger {
  const copy = parseLedger(copyText)
  if (copy === undefined) return ledger
  const isForgotten =
    copy.accepted > ledger.accepted || (copy.accepted === ledger.accepted && totalOf(copy) > totalOf(ledger))
  const later = isForgotten ? copy : ledger
  return { ...later, nextNumber: Math.max(ledger.nextNumber, copy.nextNumber) }
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

import { newSpanId } from '../../shared/record/ids.ts'
import type { Change, StoredContent } from './database.ts'
import { ledgerKey, originKey } from './pack-keys.ts'
import { emptyLedger, joinLedgers, parseLedger, type SpoolLedger } from './spool-ledger.ts'

/** The spool's name and its ledger, which are written along with every batch. */
export type SpoolMetadata = {
  readonly origin: string
  readonly ledger: SpoolLedger
  update(ledger: SpoolLedger): void
  /**
   * Takes over what the database has of it, the first time only: from then on memory is ahead of the disk.
   * @returns false where that was done before
   */
  restore(content: StoredContent): boolean
  changes(): readonly Change[]
}

export function createSpoolMetadata(): SpoolMetadata {
  let origin = newSpanId()
  let ledger = emptyLedger
  let restored = false

  function restore(content: StoredContent): boolean {
    if (restored) return false
    restored = true
    origin = content.origin ?? origin
    ledger = joinLedgers(parseLedger(content.ledger) ?? emptyLedger, ledger)
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
  }
}

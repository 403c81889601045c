import { type Ledger, totalOf } from '../ledger/ledger.ts'

/** The body of `/ledger`, in numbers of records. */
export type LedgerResponse = {
  readonly accepted: number
  readonly spooled: number
  readonly queued: number
  readonly delivered: number
  readonly dead_lettered: number
  readonly dropped: Ledger['dropped']
  /** Whether `accepted = spooled + queued + delivered + dead_lettered + dropped`. */
  readonly adds_up: boolean
}

export function ledgerResponse(ledger: Ledger): LedgerResponse {
  const { accepted, spooled, queued, delivered, deadLettered, dropped } = ledger
  return {
    accepted,
    spooled,
    queued,
    delivered,
    dead_lettered: deadLettered,
    dropped,
    adds_up: accepted === spooled + queued + totalOf(ledger),
  }
}

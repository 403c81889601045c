import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import type { Outcome } from './client.ts'
import { fieldOf } from './judge.ts'
import type { Seen } from './upstream-messages.ts'

/** Counts, call by call, how many records there must be. */
export type Tally = {
  add(outcome: Outcome, seen: readonly Seen[]): void
  cases(): number
  /** @returns what is wrong with the ledger, in words */
  compare(ledger: LedgerResponse, reached: number): string[]
  /** For people: how many records there must be at least and at most. */
  bounds(reached: number): readonly [least: number, most: number]
}

export function createTally(): Tally {
  let cases = 0
  /** Calls that threadtap could not send on, yet answered as calls. */
  let answeredOnly = 0
  /** Clients that left before anybody could tell whether theirs became a call. */
  let unknown = 0

  const bounds = (reached: number) => [reached + answeredOnly, reached + answeredOnly + unknown] as const
  return {
    add(outcome, seen) {
      cases++
      if (seen.length > 0 || fieldOf(outcome, 'x-fuzz-answer') !== undefined) return
      if (fieldOf(outcome, 'x-call-id') !== undefined) answeredOnly++
      else if (outcome.head === undefined) unknown++
    },
    cases: () => cases,
    bounds,
    compare(ledger, reached) {
      const [least, most] = bounds(reached)
      const isRight = ledger.accepted >= least && ledger.accepted <= most
      return [
        ...(ledger.adds_up ? [] : [`the ledger does not add up: ${JSON.stringify(ledger)}`]),
        ...(isRight ? [] : [`${ledger.accepted} records were accepted instead of ${least} to ${most}`]),
      ]
    },
  }
}

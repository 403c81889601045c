import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import type { Outcome } from './client.ts'
import type { ReceivedRequest } from './upstream-messages.ts'
import { fieldOf } from './verdict.ts'

/** Counts calls, and from them the records that threadtap must have accepted. */
export type RecordCounters = {
  add(outcome: Outcome, received: readonly ReceivedRequest[]): void
  cases(): number
  /** @returns the problems of the ledger, in words */
  compare(ledger: LedgerResponse, reached: number): string[]
  /** The fewest and the most records there can be. */
  bounds(reached: number): readonly [min: number, max: number]
}

export function createCounters(): RecordCounters {
  let cases = 0
  /** Calls that failed before the upstream, which are recorded too. */
  let failedBeforeUpstream = 0
  /** Aborted by the client so early that a record may or may not exist. */
  let uncertain = 0

  const bounds = (reached: number) =>
    [reached + failedBeforeUpstream, reached + failedBeforeUpstream + uncertain] as const
  return {
    add(outcome, received) {
      cases++
      if (received.length > 0 || fieldOf(outcome, 'x-fuzz-response') !== undefined) return
      if (fieldOf(outcome, 'x-call-id') !== undefined) failedBeforeUpstream++
      else if (outcome.head === undefined) uncertain++
    },
    cases: () => cases,
    bounds,
    compare(ledger, reached) {
      const [min, max] = bounds(reached)
      const isWithinBounds = ledger.accepted >= min && ledger.accepted <= max
      return [
        ...(ledger.adds_up ? [] : [`the ledger does not add up: ${JSON.stringify(ledger)}`]),
        ...(isWithinBounds ? [] : [`${ledger.accepted} records were accepted instead of ${min} to ${max}`]),
      ]
    },
  }
}

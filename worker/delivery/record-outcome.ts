import type { CallDelivery } from '../../shared/admin/call-store.ts'
import type { DropReason } from '../../shared/ledger/ledger.ts'
import type { Settlement } from '../../shared/queue/carrier.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'

/** How the delivery of one record ended. `remaining`: not at all; it goes back to the carrier. */
export type RecordOutcome = FinalOutcome | { readonly kind: 'remaining' }

export type FinalOutcome =
  | { readonly kind: 'delivered' | 'dead_lettered' }
  | { readonly kind: 'dropped'; readonly reason: DropReason }

/** @param at ms since 1970 */
export function deliveryOf(outcome: FinalOutcome, at: number): CallDelivery {
  return outcome.kind === 'dropped'
    ? { state: 'dropped', at, reason: outcome.reason }
    : { state: outcome.kind, at }
}

/** @returns the settlement of a pack, from the outcome of each of its records */
export function settlementOf(
  records: readonly InferenceRecord[],
  outcomeOf: (record: InferenceRecord) => RecordOutcome,
): Settlement {
  const remaining: InferenceRecord[] = []
  const dropped: Partial<Record<DropReason, number>> = {}
  let delivered = 0
  let deadLettered = 0
  for (const record of records) {
    const outcome = outcomeOf(record)
    switch (outcome.kind) {
      case 'delivered':
        delivered += 1
        break
      case 'dead_lettered':
        deadLettered += 1
        break
      case 'dropped':
        dropped[outcome.reason] = (dropped[outcome.reason] ?? 0) + 1
        break
      case 'remaining':
        remaining.push(record)
        break
    }
  }
  return { settled: { delivered, deadLettered, dropped }, remaining }
}

import type { DropReason } from '../shared/ledger/ledger.ts'
import type { Settlement } from '../shared/queue/carrier.ts'
import type { InferenceRecord } from '../shared/record/record.ts'

/** What became of one record. `remaining`: nothing yet; it goes back to the carrier. */
export type Fate =
  | { readonly kind: 'delivered' | 'dead_lettered' | 'remaining' }
  | { readonly kind: 'dropped'; readonly reason: DropReason }

/** Sums the fates of a pack's records up. */
export function settlementOf(
  records: readonly InferenceRecord[],
  fateOf: (record: InferenceRecord) => Fate,
): Settlement {
  const remaining: InferenceRecord[] = []
  const dropped: Partial<Record<DropReason, number>> = {}
  let delivered = 0
  let deadLettered = 0
  for (const record of records) {
    const fate = fateOf(record)
    if (fate.kind === 'delivered') delivered += 1
    else if (fate.kind === 'dead_lettered') deadLettered += 1
    else if (fate.kind === 'dropped') dropped[fate.reason] = (dropped[fate.reason] ?? 0) + 1
    else remaining.push(record)
  }
  return { settled: { delivered, deadLettered, dropped }, remaining }
}

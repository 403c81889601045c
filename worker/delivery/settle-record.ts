import type { DropReason } from '../../shared/ledger/ledger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { DeadLetterFolder } from '../dead-letters/dead-letter-folder.ts'
import type { DeliveryFault, Verdict } from '../sinks/sink.ts'
import { isSettled, type PendingRecord } from './pending-record.ts'
import type { RecordOutcome } from './record-outcome.ts'

export type SettlementEvents = {
  /** @param ageSeconds since the call ended */
  recordSettled(ageSeconds: number): void
  recordDropped(reason: DropReason): void
  recordDeadLettered(id: string, sink: string, reason: string): void
}

export type SettlementParts = {
  readonly deadLetters: Pick<DeadLetterFolder, 'keep'>
  readonly events: SettlementEvents
  readonly clock: Clock
}

// An outage uses up no attempts. But a record that alone gets a 5xx, again and again, while the rest of its
// batch is accepted, would keep its pack pending for ever.
const maxFailedAttempts = 10

/**
 * Settles a record by its verdict.
 * @param isSinkUp whether the batch as a whole passed
 * @returns false when the record must be sent again
 */
export async function settleRecord(
  pending: PendingRecord,
  verdict: Verdict | undefined,
  isSinkUp: boolean,
  parts: SettlementParts,
): Promise<boolean> {
  if (isSettled(pending)) return true
  if (verdict === undefined) return false
  if (verdict.ok) {
    parts.events.recordSettled((parts.clock.now() - endOf(pending.record)) / 1000)
    pending.settle({ kind: 'delivered' })
    return true
  }
  const { fault } = verdict
  switch (fault.kind) {
    case 'unwanted':
      parts.events.recordDropped(fault.reason)
      pending.settle({ kind: 'dropped', reason: fault.reason })
      return true
    case 'held':
    case 'retryable':
      if (!isSinkUp || pending.attemptFailed() < maxFailedAttempts) return false
      break
    case 'oversized':
    case 'refused':
    case 'permanent':
      break
  }
  const outcome = await keepDeadLetter(pending, fault, parts)
  // Where its pack was aborted meanwhile the record is remaining already, and stays so.
  pending.settle(outcome)
  return true
}

async function keepDeadLetter(
  { record, origin }: PendingRecord,
  { sink = '', reason }: DeliveryFault,
  { deadLetters, events }: SettlementParts,
): Promise<RecordOutcome> {
  if (await deadLetters.keep(record, origin, sink, reason)) {
    events.recordDeadLettered(record.id, sink, reason)
    return { kind: 'dead_lettered' }
  }
  events.recordDropped('dead_letters_full')
  return { kind: 'dropped', reason: 'dead_letters_full' }
}

const endOf = ({ times }: InferenceRecord): number => times.startedAt + times.durationMs

import type { DropReason } from '../../shared/ledger/ledger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { type Backoff, backoffMs } from '../../shared/timing/backoff.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { pause } from '../../shared/timing/pause.ts'
import { secondsSince } from '../../shared/timing/seconds-since.ts'
import type { DeadLetterFolder } from '../dead-letters/dead-letter-folder.ts'
import type { DeliveryFault, Verdict } from '../sinks/sink.ts'
import { isSettled, type PendingRecord } from './pending-record.ts'

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
  /** Between tries to write to a folder of dead letters that failed. */
  readonly folderBackoff?: Backoff
}

// An outage uses up no attempts. But a record that alone gets a 5xx, again and again, while the rest of its
// batch is accepted, would keep its pack pending for ever.
const maxFailedAttempts = 10

/**
 * Settles a record by its verdict.
 * @param isSinkUp whether the batch as a whole passed
 * @param onHeld called when a record whose dead letter could not be kept is settled after all
 * @returns true when the record must be sent again
 */
export async function settleRecord(
  pending: PendingRecord,
  verdict: Verdict | undefined,
  isSinkUp: boolean,
  parts: SettlementParts,
  onHeld: () => void,
): Promise<boolean> {
  if (isSettled(pending)) return false
  if (verdict === undefined) return true
  if (verdict.ok) {
    parts.events.recordSettled(secondsSince(parts.clock, endOf(pending.record)))
    pending.settle({ kind: 'delivered' })
    return false
  }
  const { fault } = verdict
  switch (fault.kind) {
    case 'unwanted':
      parts.events.recordDropped(fault.reason)
      pending.settle({ kind: 'dropped', reason: fault.reason })
      return false
    case 'held':
    case 'retryable':
      if (!isSinkUp || pending.attemptFailed() < maxFailedAttempts) return true
      break
    case 'oversized':
    case 'refused':
    case 'permanent':
      break
  }
  if (!(await keepDeadLetter(pending, fault, parts))) void keepLater(pending, fault, parts).then(onHeld)
  return false
}

/** @returns false where the folder cannot be written */
async function keepDeadLetter(
  pending: PendingRecord,
  { sink = '', reason }: DeliveryFault,
  { deadLetters, events }: SettlementParts,
): Promise<boolean> {
  const { record, origin } = pending
  let kept: boolean
  try {
    kept = await deadLetters.keep(record, origin, sink, reason)
  } catch {
    return false
  }
  // Where its pack was aborted meanwhile the record is remaining already, and stays so.
  if (kept) {
    events.recordDeadLettered(record.id, sink, reason)
    pending.settle({ kind: 'dead_lettered' })
  } else {
    events.recordDropped('dead_letters_full')
    pending.settle({ kind: 'dropped', reason: 'dead_letters_full' })
  }
  return true
}

/** Tries again until the folder can be written, or the pack is given up. The sink has refused the record, and is left alone. */
async function keepLater(
  pending: PendingRecord,
  fault: DeliveryFault,
  parts: SettlementParts,
): Promise<void> {
  const { folderBackoff = { baseMs: 1_000, maxMs: 30_000 } } = parts
  for (let failures = 0; !isSettled(pending); failures++) {
    await pause(backoffMs(failures, folderBackoff), never)
    if (isSettled(pending) || (await keepDeadLetter(pending, fault, parts))) return
  }
}

const never = new AbortController().signal

const endOf = ({ times }: InferenceRecord): number => times.startedAt + times.durationMs

import type { InferenceRecord } from '../../shared/record/record.ts'
import type { RecordOutcome } from './record-outcome.ts'

/** A record from its arrival until its outcome. */
export type PendingRecord = {
  readonly record: InferenceRecord
  readonly origin: string
  /** Size as JSON, roughly. */
  readonly bytes: number
  /** When it arrived, on the monotonic clock. */
  readonly sinceMs: number
  /** @returns undefined while pending */
  outcome(): RecordOutcome | undefined
  /** The first outcome stands. */
  settle(outcome: RecordOutcome): void
  /** Counts an attempt that failed for this record alone. @returns how many there were */
  attemptFailed(): number
}

type State =
  | { readonly kind: 'pending'; readonly failedAttempts: number }
  | { readonly kind: 'settled'; readonly outcome: RecordOutcome }

export function createPendingRecord(
  record: InferenceRecord,
  origin: string,
  sinceMs: number,
  bytes: number,
): PendingRecord {
  let state: State = { kind: 'pending', failedAttempts: 0 }
  return {
    record,
    origin,
    bytes,
    sinceMs,
    outcome: () => (state.kind === 'settled' ? state.outcome : undefined),
    settle(outcome) {
      if (state.kind === 'pending') state = { kind: 'settled', outcome }
    },
    attemptFailed() {
      if (state.kind === 'settled') return 0
      state = { kind: 'pending', failedAttempts: state.failedAttempts + 1 }
      return state.failedAttempts
    },
  }
}

export const isSettled = (pending: PendingRecord): boolean => pending.outcome() !== undefined

import type { InferenceRecord } from '../../shared/record/record.ts'
import { failed, forAll, type Send, type Verdict } from '../sinks/sink.ts'
import { type BatchOutcome, batchOutcome } from './batch-outcome.ts'
import { createBatchShare } from './batch-share.ts'
import type { Batcher } from './batcher.ts'
import type { Concurrency } from './concurrency.ts'
import type { Admission, Gate } from './gate.ts'
import { createPendingPacks } from './pending-packs.ts'
import { createPendingRecord, isSettled, type PendingRecord } from './pending-record.ts'
import type { RecordOutcome } from './record-outcome.ts'
import { createScheduler } from './scheduler.ts'
import { type SettlementEvents, type SettlementParts, settleRecord } from './settle-record.ts'

export type DeliveryEvents = SettlementEvents & {
  recordsInHand(change: number): void
  batchClosed(records: number): void
  batchFailed(cause: unknown): void
}

export type DeliveryParts = SettlementParts & {
  readonly batcher: Batcher<PendingRecord>
  readonly gate: Gate
  readonly send: Send
  readonly concurrency: Concurrency
  readonly events: DeliveryEvents
}

/** Delivers the records of one pack; resolves when each has its outcome, or when the signal aborts. */
export type Deliver = (
  records: readonly InferenceRecord[],
  origin: string,
  /** Size of each as JSON, roughly. */
  recordBytes: number,
  signal: AbortSignal,
) => Promise<ReadonlyMap<InferenceRecord, RecordOutcome>>

type BatchInFlight = {
  readonly records: readonly PendingRecord[]
  /** Of a full batch. */
  readonly share: number
  readonly abort: AbortController
}

/** Moves batches from the batcher through the gate to the sink, and settles each of their records. */
export function createDelivery(parts: DeliveryParts): Deliver {
  const { batcher, gate, events, clock, concurrency } = parts
  const packs = createPendingPacks()
  const inFlight = new Set<BatchInFlight>()
  const share = createBatchShare()
  const startDueBatches = createScheduler({
    batcher,
    gate,
    clock,
    canStart: () => inFlight.size < concurrency.current(),
    share: share.current,
    start: (records, admission) =>
      void sendBatch({ records, share: share.current(), abort: new AbortController() }, admission),
  })

  async function sendBatch(batch: BatchInFlight, admission: Admission): Promise<void> {
    inFlight.add(batch)
    const startedAt = clock.monotonic()
    events.batchClosed(batch.records.length)
    const { again, later, outcome } = await attempt(batch, admission, parts, packs.finishSettled)
    if (later.length > 0 || outcome.kind === 'outage') concurrency.refused(startedAt)
    else if (outcome.kind === 'passed') concurrency.passed(inFlight.size)
    inFlight.delete(batch)
    batcher.putBack(again)
    batcher.putLast(later)
    if (later.length > 0) share.timedOut(batch.share)
    else if (outcome.kind === 'passed') share.passed()
    packs.finishSettled()
    startDueBatches()
  }

  /** Stops delivering a pack, and aborts the requests that are in flight for no other one. */
  function abortPack(pack: ReadonlySet<PendingRecord>): void {
    for (const pending of pack) pending.settle({ kind: 'remaining' })
    batcher.withdraw(pack)
    for (const { records, abort } of inFlight) if (records.every(isSettled)) abort.abort()
    packs.finishSettled()
    startDueBatches()
  }

  return async (records, origin, recordBytes, signal) => {
    const sinceMs = clock.monotonic()
    const pack = new Set(records.map((record) => createPendingRecord(record, origin, sinceMs, recordBytes)))
    const onAbort = (): void => abortPack(pack)
    events.recordsInHand(pack.size)
    batcher.add([...pack])
    const settled = packs.untilSettled(pack)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    else startDueBatches()
    await settled
    signal.removeEventListener('abort', onAbort)
    events.recordsInHand(-pack.size)
    return new Map([...pack].map(({ record, outcome }) => [record, outcome() ?? { kind: 'remaining' }]))
  }
}

type Attempt = {
  readonly outcome: BatchOutcome
  /** Records that did not arrive. */
  readonly again: readonly PendingRecord[]
  /** Records that may have arrived. */
  readonly later: readonly PendingRecord[]
}

/** Sends a batch once and settles what it can. */
async function attempt(
  batch: BatchInFlight,
  admission: Admission,
  parts: DeliveryParts,
  onHeld: () => void,
): Promise<Attempt> {
  const verdicts = await verdictsOf(batch, parts)
  const outcome = batch.abort.signal.aborted ? ({ kind: 'aborted' } as const) : batchOutcome(verdicts)
  parts.gate.report(admission, outcome)
  const mustGoAgain = await Promise.all(
    batch.records.map((pending, n) =>
      settleRecord(pending, verdicts[n], outcome.kind === 'passed', parts, onHeld),
    ),
  )
  const isLate = (n: number): boolean => hasTimedOut(verdicts[n])
  return {
    outcome,
    again: batch.records.filter((_, n) => mustGoAgain[n] && !isLate(n)),
    later: batch.records.filter((_, n) => mustGoAgain[n] && isLate(n)),
  }
}

const hasTimedOut = (verdict: Verdict | undefined): boolean =>
  verdict?.ok === false && verdict.fault.kind === 'retryable' && verdict.fault.timedOut === true

async function verdictsOf(
  { records, abort }: BatchInFlight,
  { send, events }: DeliveryParts,
): Promise<readonly Verdict[]> {
  try {
    return await send(
      records.map(({ record }) => record),
      abort.signal,
    )
  } catch (cause) {
    if (!abort.signal.aborted) events.batchFailed(cause)
    return forAll(records, failed({ kind: 'retryable', reason: String(cause), sink: 'pipeline' }))
  }
}

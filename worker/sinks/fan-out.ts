import { leastRecentlyUsed } from '../../shared/least-recently-used.ts'
import { deliveryId } from '../../shared/record/delivery-id.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { indexesOf, pick } from './pick.ts'
import { delivered, failed, type Send, type Sink, type Verdict } from './sink.ts'

/** Records whose verdicts are remembered. When it is full the oldest is evicted, and may be sent twice. */
const maxRemembered = 10_000

/** Final verdicts by sink. */
type FinalVerdicts = Map<string, Verdict>

/**
 * Sends to several sinks at once. A record is delivered when every sink has it; a sink that has it, or will
 * never take it, is skipped while the record is retried for another one.
 */
export function fanOut(sinks: readonly Sink[]): Send {
  const remembered = leastRecentlyUsed<FinalVerdicts>(maxRemembered)

  function remember(key: string, sink: string, verdict: Verdict): void {
    if (!isFinal(verdict)) return
    const known: FinalVerdicts = remembered.get(key) ?? new Map()
    remembered.set(key, known.set(sink, verdict))
  }

  async function sendTo(sink: Sink, batch: readonly InferenceRecord[], signal: AbortSignal) {
    const verdicts = batch.map((record) => remembered.get(deliveryId(record))?.get(sink.name))
    const pending = indexesOf(verdicts, (verdict) => verdict === undefined)
    if (pending.length === 0) return verdicts
    const sent = await sink.send(pick(batch, pending), signal)
    pending.forEach((index, n) => {
      const verdict = ofSink(sink.name, sent[n])
      verdicts[index] = verdict
      const record = batch[index]
      if (record !== undefined) remember(deliveryId(record), sink.name, verdict)
    })
    return verdicts
  }

  return async (batch, signal) => {
    const perSink = await settleAll(sinks.map((sink) => sendTo(sink, batch, signal)))
    return batch.map((record, index) => {
      const verdict = combined(perSink.flatMap((verdicts) => verdicts[index] ?? []))
      if (isFinal(verdict)) remembered.delete(deliveryId(record))
      return verdict
    })
  }
}

/** Like Promise.all, but rejects only after all have settled, so that every delivery is remembered. */
async function settleAll<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}

function ofSink(sink: string, verdict: Verdict | undefined): Verdict {
  if (verdict === undefined) return failed({ kind: 'retryable', reason: 'the sink gave no verdict', sink })
  return verdict.ok ? verdict : failed({ ...verdict.fault, sink })
}

function isFinal(verdict: Verdict): boolean {
  return verdict.ok || (verdict.fault.kind !== 'retryable' && verdict.fault.kind !== 'held')
}

/** Pending faults take precedence over final ones; `unwanted` counts only where no sink took the record. */
function combined(verdicts: readonly Verdict[]): Verdict {
  const faults = verdicts.flatMap((verdict) => (verdict.ok ? [] : [verdict.fault]))
  const worst =
    faults.find(({ kind }) => kind === 'held') ??
    faults.find(({ kind }) => kind === 'retryable') ??
    faults.find(({ kind }) => kind !== 'unwanted')
  if (worst !== undefined) return failed(worst)
  const [unwanted] = faults
  return unwanted !== undefined && faults.length === verdicts.length ? failed(unwanted) : delivered
}

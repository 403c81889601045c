import { LRUCache } from 'lru-cache'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { indexesOf, pick } from './pick.ts'
import { type Delivery, delivered, failed, type Send, type Sink } from './sink.ts'

/** Records whose deliveries are remembered. Beyond it the least recently used is evicted, and may be sent twice. */
const maxRemembered = 10_000

type Final = Map<string, Delivery>

/**
 * Sends to several sinks at once. A record is delivered when every sink has it; one that has it, or will
 * never take it, is not asked again while another one is being retried.
 */
export function fanOut(sinks: readonly Sink[]): Send {
  const remembered = new LRUCache<string, Final>({ max: maxRemembered })

  function remember(id: string, sink: string, verdict: Delivery): void {
    if (!isFinal(verdict)) return
    const known: Final = remembered.get(id) ?? new Map()
    remembered.set(id, known.set(sink, verdict))
  }

  async function sendTo(sink: Sink, batch: readonly InferenceRecord[], signal: AbortSignal) {
    const verdicts = batch.map(({ id }) => remembered.get(id)?.get(sink.name))
    const open = indexesOf(verdicts, (verdict) => verdict === undefined)
    if (open.length === 0) return verdicts
    const answers = await sink.send(pick(batch, open), signal)
    open.forEach((place, n) => {
      const verdict = named(sink.name, answers[n])
      verdicts[place] = verdict
      remember(batch[place]?.id ?? '', sink.name, verdict)
    })
    return verdicts
  }

  return async (batch, signal) => {
    const perSink = await settleAll(sinks.map((sink) => sendTo(sink, batch, signal)))
    return batch.map(({ id }, place) => {
      const verdict = verdictOf(perSink.flatMap((verdicts) => verdicts[place] ?? []))
      if (isFinal(verdict)) remembered.delete(id)
      return verdict
    })
  }
}

/** As Promise.all, but a failure is told only after all have ended, so that no delivery goes unnoticed. */
async function settleAll<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}

function named(sink: string, verdict: Delivery | undefined): Delivery {
  if (verdict === undefined) return failed({ kind: 'retryable', reason: 'the sink gave no verdict', sink })
  return verdict.ok ? verdict : failed({ ...verdict.fault, sink })
}

function isFinal(verdict: Delivery): boolean {
  return verdict.ok || (verdict.fault.kind !== 'retryable' && verdict.fault.kind !== 'held')
}

/** What is still open goes first, then what was refused; `unwanted` counts only where nobody took the record. */
function verdictOf(verdicts: readonly Delivery[]): Delivery {
  const faults = verdicts.flatMap((verdict) => (verdict.ok ? [] : [verdict.fault]))
  const worst =
    faults.find(({ kind }) => kind === 'held') ??
    faults.find(({ kind }) => kind === 'retryable') ??
    faults.find(({ kind }) => kind !== 'unwanted')
  if (worst !== undefined) return failed(worst)
  const [unwanted] = faults
  return unwanted !== undefined && faults.length === verdicts.length ? failed(unwanted) : delivered
}

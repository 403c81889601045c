import type { InferenceRecord } from '../../shared/record/record.ts'
import { failed, type Send, type Verdict } from './sink.ts'

/**
 * A sink made of a pure mapping and a transport. A record whose mapping throws is permanent; the rest of
 * the batch is sent.
 */
export function mappedSink<T>(
  map: (record: InferenceRecord) => T,
  transport: (items: readonly T[], signal: AbortSignal) => Promise<readonly Verdict[]>,
): Send {
  return async (batch, signal) => {
    const mapped = batch.map((record) => tryMap(map, record))
    const items = mapped.flatMap((result) => ('item' in result ? [result.item] : []))
    const verdicts = items.length === 0 ? [] : [...(await transport(items, signal))]
    return mapped.map((result) => ('verdict' in result ? result.verdict : (verdicts.shift() ?? noVerdict)))
  }
}

const noVerdict = failed({ kind: 'retryable', reason: 'the transport gave no verdict' })

type Mapped<T> = { readonly item: T } | { readonly verdict: Verdict }

function tryMap<T>(map: (record: InferenceRecord) => T, record: InferenceRecord): Mapped<T> {
  try {
    return { item: map(record) }
  } catch (cause) {
    return { verdict: failed({ kind: 'permanent', reason: `cannot be mapped: ${String(cause)}` }) }
  }
}

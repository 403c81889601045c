import type { InferenceRecord } from '../../shared/record/record.ts'
import { type Delivery, failed, type Send } from './sink.ts'

/**
 * A sink made of its two halves: the pure mapping and the transport. A record that the mapping throws at is
 * permanent, and never takes its neighbours with it.
 */
export function mappedSink<T>(
  map: (record: InferenceRecord) => T,
  transport: (items: readonly T[], signal: AbortSignal) => Promise<readonly Delivery[]>,
): Send {
  return async (batch, signal) => {
    const mapped = batch.map((record) => attempt(map, record))
    const items = mapped.flatMap((result) => ('item' in result ? [result.item] : []))
    const answers = items.length === 0 ? [] : [...(await transport(items, signal))]
    return mapped.map((result) => ('fault' in result ? result.fault : (answers.shift() ?? noVerdict)))
  }
}

const noVerdict = failed({ kind: 'retryable', reason: 'the transport gave no verdict' })

type Mapped<T> = { readonly item: T } | { readonly fault: Delivery }

function attempt<T>(map: (record: InferenceRecord) => T, record: InferenceRecord): Mapped<T> {
  try {
    return { item: map(record) }
  } catch (cause) {
    return { fault: failed({ kind: 'permanent', reason: `cannot be mapped: ${String(cause)}` }) }
  }
}

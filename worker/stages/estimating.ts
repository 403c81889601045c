import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Send } from '../sinks/sink.ts'
import { type CountTokens, estimateUsage } from '../usage/estimate.ts'

/** A record as it came, and with the usage that was estimated for it. */
export type Estimate = { readonly record: InferenceRecord; readonly estimated: InferenceRecord }

export type EstimatingEvents = {
  usageEstimated(estimates: readonly Estimate[]): void
  usageNotEstimated(cause: unknown): void
}

/**
 * Estimates the usage of records without any before they are sent. Where that fails they are sent without. An
 * estimate is kept for as long as its record is pending, so that a retry does not count the same texts again.
 */
export function withEstimates(countTokens: CountTokens, events: EstimatingEvents, send: Send): Send {
  const estimates = new WeakMap<InferenceRecord, InferenceRecord>()

  async function estimateNew(batch: readonly InferenceRecord[]): Promise<void> {
    const missing = batch.filter((record) => !estimates.has(record))
    try {
      const results = await estimateUsage(missing, countTokens)
      for (const [index, record] of missing.entries()) estimates.set(record, results[index] ?? record)
      const made = missing.map((record) => ({ record, estimated: estimates.get(record) ?? record }))
      events.usageEstimated(made.filter(({ record, estimated }) => estimated !== record))
    } catch (cause) {
      events.usageNotEstimated(cause)
    }
  }

  return async (batch, signal) => {
    await estimateNew(batch)
    return send(
      batch.map((record) => estimates.get(record) ?? record),
      signal,
    )
  }
}

import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Send } from '../sinks/sink.ts'
import { type CountTokens, estimateUsage } from '../usage/estimate.ts'

export type EstimatingEvents = {
  usageEstimated(records: number): void
  usageNotEstimated(cause: unknown): void
}

/**
 * Gives records without usage an estimate on their way to the sinks. Where it fails they go without one. An
 * estimate is kept for as long as its record waits, so that an outage does not count the same texts again.
 */
export function withEstimates(countTokens: CountTokens, events: EstimatingEvents, send: Send): Send {
  const known = new WeakMap<InferenceRecord, InferenceRecord>()

  async function estimateNew(batch: readonly InferenceRecord[]): Promise<void> {
    const fresh = batch.filter((record) => !known.has(record))
    try {
      const estimated = await estimateUsage(fresh, countTokens)
      for (const [place, record] of fresh.entries()) known.set(record, estimated[place] ?? record)
      events.usageEstimated(fresh.filter((record) => known.get(record) !== record).length)
    } catch (cause) {
      events.usageNotEstimated(cause)
    }
  }

  return async (batch, signal) => {
    await estimateNew(batch)
    return send(
      batch.map((record) => known.get(record) ?? record),
      signal,
    )
  }
}

import type { Send } from '../../sink.ts'
import { toAcceptedContext, type ValueChange } from './accepted-values.ts'

/**
 * Replaces values that Langfuse does not accept before sending.
 * @param onChange called for each replaced value, once its record is delivered
 */
export function withAcceptedValues(send: Send, onChange: (change: ValueChange) => void): Send {
  return async (batch, signal) => {
    const accepted = batch.map((record) => ({ record, ...toAcceptedContext(record.context) }))
    const verdicts = await send(
      accepted.map(({ record, context }) => (context === record.context ? record : { ...record, context })),
      signal,
    )
    accepted.forEach(({ changes }, index) => {
      if (verdicts[index]?.ok) for (const change of changes) onChange(change)
    })
    return verdicts
  }
}

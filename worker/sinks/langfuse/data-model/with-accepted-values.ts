import type { Send } from '../../sink.ts'
import { fitForLangfuse, type ValueChange } from './accepted-values.ts'

/**
 * Sends records whose values Langfuse takes.
 * @param changed told of each change of a record that was delivered
 */
export function withFittingValues(send: Send, changed: (change: ValueChange) => void): Send {
  return async (batch, signal) => {
    const fitted = batch.map((record) => ({ record, ...fitForLangfuse(record.context) }))
    const verdicts = await send(
      fitted.map(({ record, context }) => (context === record.context ? record : { ...record, context })),
      signal,
    )
    fitted.forEach(({ changes }, place) => {
      if (verdicts[place]?.ok) for (const change of changes) changed(change)
    })
    return verdicts
  }
}

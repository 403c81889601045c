import { backoffMs } from '../../shared/timing/backoff.ts'
import { pause } from '../../shared/timing/pause.ts'
import { indexesOf, pick } from '../sinks/pick.ts'
import type { Delivery, Send } from '../sinks/sink.ts'

export type RetryPolicy = { readonly maxRetries: number; readonly delayMs: number }

const longestDelayMs = 30_000

/**
 * Tries the retryable records of a batch again, a few times, with growing delays; the others keep their
 * verdict. A server that says when to come back is not asked earlier: that wait concerns every batch, so it
 * is the gate's. Once something is known of a batch, an abort ends the tries instead of rejecting.
 */
export function withRetries({ maxRetries, delayMs }: RetryPolicy, send: Send): Send {
  return async (batch, signal) => {
    const verdicts = [...(await send(batch, signal))]
    for (let attempt = 1; attempt <= maxRetries; attempt++) {
      const again = indexesOf(verdicts, isWorthAnotherTry)
      if (again.length === 0) break
      await pause(backoffMs(attempt - 1, { baseMs: delayMs, maxMs: longestDelayMs }), signal)
      if (signal.aborted) break
      try {
        const answers = await send(pick(batch, again), signal)
        again.forEach((place, n) => {
          verdicts[place] = answers[n] ?? (verdicts[place] as Delivery)
        })
      } catch (cause) {
        if (!signal.aborted) throw cause
        break
      }
    }
    return verdicts
  }
}

function isWorthAnotherTry(verdict: Delivery): boolean {
  return !verdict.ok && verdict.fault.kind === 'retryable' && verdict.fault.retryAfterMs === undefined
}

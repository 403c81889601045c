import { backoffMs } from '../../shared/timing/backoff.ts'
import { pause } from '../../shared/timing/pause.ts'
import { indexesOf, pick } from '../sinks/pick.ts'
import type { Send, Verdict } from '../sinks/sink.ts'

export type RetryPolicy = { readonly maxRetries: number; readonly delayMs: number }

const maxDelayMs = 30_000

/**
 * Retries the retryable records of a batch, a few times, with growing delays; the others keep their verdict. A
 * Retry-After is not retried here: it concerns every batch, so that it is the gate's to wait. Neither is a time-out: what
 * may have arrived is sent again as late as possible, which the delivery sees to. After the first
 * attempt an abort ends the retries instead of rejecting, so that the verdicts so far are kept.
 */
export function withRetries({ maxRetries, delayMs }: RetryPolicy, send: Send): Send {
  return async (batch, signal) => {
    const verdicts = [...(await send(batch, signal))]
    for (let attempt = 1; attempt <= maxRetries; attempt++) {
      const retried = indexesOf(verdicts, isWorthRetrying)
      if (retried.length === 0) break
      await pause(backoffMs(attempt - 1, { baseMs: delayMs, maxMs: maxDelayMs }), signal)
      if (signal.aborted) break
      try {
        const results = await send(pick(batch, retried), signal)
        retried.forEach((index, n) => {
          verdicts[index] = results[n] ?? (verdicts[index] as Verdict)
        })
      } catch (cause) {
        if (!signal.aborted) throw cause
        break
      }
    }
    return verdicts
  }
}

function isWorthRetrying(verdict: Verdict): boolean {
  if (verdict.ok || verdict.fault.kind !== 'retryable') return false
  return verdict.fault.retryAfterMs === undefined && verdict.fault.timedOut !== true
}

import type { Clock } from '../../shared/timing/clock.ts'
import { failed, forAll, type Send } from '../sinks/sink.ts'
import type { GrowingTimeout } from './growing-timeout.ts'

/** Aborts an attempt that takes longer than its timeout: its records are retryable, and may have arrived all the same. */
export function withTimeout(timeout: GrowingTimeout, clock: Clock, send: Send): Send {
  return async (batch, signal) => {
    const timeoutMs = timeout.currentMs()
    const startedAt = clock.monotonic()
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), timeoutMs)
    try {
      const verdicts = await send(batch, AbortSignal.any([signal, deadline.signal]))
      if (!deadline.signal.aborted) timeout.answered(clock.monotonic() - startedAt)
      return verdicts
    } catch (cause) {
      if (signal.aborted || !deadline.signal.aborted) throw cause
      timeout.expired(timeoutMs)
      const reason = `no response within ${timeoutMs} ms`
      return forAll(batch, failed({ kind: 'retryable', reason, timedOut: true }))
    } finally {
      clearTimeout(timer)
    }
  }
}

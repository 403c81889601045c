import { failed, forAll, type Send } from '../sinks/sink.ts'

/** Ends a try that takes longer than `timeoutMs`: its records are retryable. */
export function withTimeout(timeoutMs: number, send: Send): Send {
  return async (batch, signal) => {
    const overdue = new AbortController()
    const timer = setTimeout(() => overdue.abort(), timeoutMs)
    try {
      return await send(batch, AbortSignal.any([signal, overdue.signal]))
    } catch (cause) {
      if (signal.aborted || !overdue.signal.aborted) throw cause
      return forAll(batch, failed({ kind: 'retryable', reason: `no answer within ${timeoutMs} ms` }))
    } finally {
      clearTimeout(timer)
    }
  }
}

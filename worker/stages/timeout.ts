import { failed, forAll, type Send } from '../sinks/sink.ts'

/** Aborts an attempt that takes longer than `timeoutMs`: its records are retryable. */
export function withTimeout(timeoutMs: number, send: Send): Send {
  return async (batch, signal) => {
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), timeoutMs)
    try {
      return await send(batch, AbortSignal.any([signal, deadline.signal]))
    } catch (cause) {
      if (signal.aborted || !deadline.signal.aborted) throw cause
      return forAll(batch, failed({ kind: 'retryable', reason: `no response within ${timeoutMs} ms` }))
    } finally {
      clearTimeout(timer)
    }
  }
}

import type { Verdict } from '../sinks/sink.ts'

/** What an attempt to send a batch shows about the sink. */
export type BatchOutcome =
  | { readonly kind: 'passed' }
  | {
      readonly kind: 'outage'
      readonly sink: string
      readonly reason: string
      readonly retryAfterMs?: number
    }
  | { readonly kind: 'held'; readonly sink: string; readonly reason: string }
  /** Shows nothing about the sink. */
  | { readonly kind: 'aborted' }

/**
 * One retryable record among delivered ones is not an outage, but a server's Retry-After is respected
 * whatever it accepted before.
 */
export function batchOutcome(verdicts: readonly Verdict[]): BatchOutcome {
  const faults = verdicts.flatMap((verdict) => (verdict.ok ? [] : [verdict.fault]))
  const held = faults.find((fault) => fault.kind === 'held')
  if (held !== undefined) return { kind: 'held', sink: held.sink ?? '', reason: held.reason }

  const retryable = faults.filter((fault) => fault.kind === 'retryable')
  const [first] = retryable
  if (first === undefined) return { kind: 'passed' }
  const outage = { kind: 'outage', sink: first.sink ?? '', reason: first.reason } as const
  const delays = retryable.flatMap(({ retryAfterMs }) => (retryAfterMs === undefined ? [] : [retryAfterMs]))
  if (delays.length > 0) return { ...outage, retryAfterMs: Math.max(...delays) }
  return retryable.length === verdicts.length ? outage : { kind: 'passed' }
}

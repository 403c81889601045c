import type { BatchOutcome } from './gate.ts'
import type { Verdict } from './sinks/sink.ts'

/**
 * What a batch's verdicts tell of the sink itself. One refused record among delivered ones is no outage,
 * but a server that asks for patience is heard, whatever it took before.
 */
export function outcomeOf(verdicts: readonly Verdict[]): BatchOutcome {
  const faults = verdicts.flatMap((verdict) => (verdict.ok ? [] : [verdict.fault]))
  const held = faults.find((fault) => fault.kind === 'held')
  if (held !== undefined) return { kind: 'held', sink: held.sink ?? '', reason: held.reason }

  const retryable = faults.filter((fault) => fault.kind === 'retryable')
  const [first] = retryable
  if (first === undefined) return { kind: 'passed' }
  const outage = { kind: 'outage', sink: first.sink ?? '', reason: first.reason } as const
  const asked = retryable.flatMap(({ retryAfterMs }) => (retryAfterMs === undefined ? [] : [retryAfterMs]))
  if (asked.length > 0) return { ...outage, retryAfterMs: Math.max(...asked) }
  return retryable.length === verdicts.length ? outage : { kind: 'passed' }
}

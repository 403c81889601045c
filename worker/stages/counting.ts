import type { Clock } from '../../shared/timing/clock.ts'
import type { DeliveryFault, Send, Verdict } from '../sinks/sink.ts'

/** The verdict of one request to a sink, or `mixed` where its records got different ones. */
export const attemptOutcomes = [
  'delivered',
  'mixed',
  'retryable',
  'held',
  'oversized',
  'refused',
  'permanent',
  'unwanted',
] as const satisfies readonly ('delivered' | 'mixed' | DeliveryFault['kind'])[]

export type AttemptOutcome = (typeof attemptOutcomes)[number]

export type CountingEvents = {
  /** A batch is about to be mapped and sent. */
  attemptStarted(sink: string): void
  attemptFinished(sink: string, outcome: AttemptOutcome, seconds: number): void
  recordsDelivered(sink: string, records: number): void
}

/** Reports the outcome and the duration of each request to a sink. */
export function withCounting(sink: string, events: CountingEvents, clock: Clock, send: Send): Send {
  return async (batch, signal) => {
    const startedAt = clock.monotonic()
    events.attemptStarted(sink)
    const verdicts = await send(batch, signal)
    events.attemptFinished(sink, outcomeOf(verdicts), (clock.monotonic() - startedAt) / 1000)
    events.recordsDelivered(sink, verdicts.filter((verdict) => verdict.ok).length)
    return verdicts
  }
}

function outcomeOf(verdicts: readonly Verdict[]): AttemptOutcome {
  const faults = verdicts.flatMap((verdict) => (verdict.ok ? [] : [verdict.fault.kind]))
  const [first] = faults
  if (first === undefined) return 'delivered'
  return faults.length === verdicts.length && faults.every((kind) => kind === first) ? first : 'mixed'
}

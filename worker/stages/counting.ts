import type { Clock } from '../../shared/clock.ts'
import type { AttemptOutcome, WorkerEvents } from '../events.ts'
import type { Delivery, Send } from '../sinks/sink.ts'

/** Tells of each request to a sink how it ended and how long it took. */
export function withCounting(sink: string, events: WorkerEvents, clock: Clock, send: Send): Send {
  return async (batch, signal) => {
    const startedAt = clock.monotonic()
    const verdicts = await send(batch, signal)
    events.attemptFinished(sink, outcomeOf(verdicts), (clock.monotonic() - startedAt) / 1000)
    events.recordsDelivered(sink, verdicts.filter((verdict) => verdict.ok).length)
    return verdicts
  }
}

function outcomeOf(verdicts: readonly Delivery[]): AttemptOutcome {
  const faults = verdicts.flatMap((verdict) => (verdict.ok ? [] : [verdict.fault.kind]))
  const [first] = faults
  if (first === undefined) return 'delivered'
  return faults.length === verdicts.length && faults.every((kind) => kind === first) ? first : 'mixed'
}

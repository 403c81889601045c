import type { Json } from '../../json.ts'
import type { AcceptedEvent } from './ingestion-endpoint.ts'
import { toObservation, toTrace } from './ingestion-processing.ts'
import type { Server } from './modes.ts'
import type { Observation, Trace } from './observation.ts'
import { hasLoneSurrogate, processOtlp } from './otlp-processing.ts'
import type { Store } from './store.ts'

// What the server's workers write to the database after the response, or lose.

export function writeSpans(resourceSpans: readonly Json[], { keepsTraces }: Server, store: Store): void {
  const processed = processOtlp(resourceSpans, keepsTraces ? 'legacy' : 'direct')
  if ('loss' in processed) {
    store.addLoss(processed.loss)
    return
  }
  for (const observation of processed.observations) {
    store.addRow(keepsTraces ? mergedWithEarlier(observation, store) : observation)
    store.addToTrace(traceOf(observation), observation.startTime)
  }
}

/** Of a span that comes again what it lacks stays as it was; what it has wins, as it was received later. */
function mergedWithEarlier(observation: Observation, store: Store): Observation {
  const earlier = store.observations().find(({ id }) => id === observation.id)
  if (earlier === undefined) return observation
  const { usage } = observation
  return {
    ...observation,
    input: observation.input ?? earlier.input,
    output: observation.output ?? earlier.output,
    model: observation.model ?? earlier.model,
    statusMessage: observation.statusMessage ?? earlier.statusMessage,
    completionStartTime: observation.completionStartTime ?? earlier.completionStartTime,
    usage: usage.source === 'none' ? earlier.usage : usage,
    metadata: { ...earlier.metadata, ...observation.metadata },
  }
}

/** Any span with fields of its trace sets them; a root sets them in any case, if need be from itself. */
function traceOf(observation: Observation): Trace {
  const { traceId: id, startTime: timestamp, environment, metadata, trace, isTraceRoot } = observation
  const own = isTraceRoot ? observation : { name: null, input: null, output: null }
  return {
    ...trace,
    id,
    timestamp,
    environment,
    metadata,
    name: trace.name ?? own.name,
    input: trace.input ?? own.input,
    output: trace.output ?? own.output,
  }
}

export function writeEvents(events: readonly AcceptedEvent[], { database }: Server, store: Store): void {
  if (database === 'clickhouse' && hasLoneSurrogate(events.map(({ body }) => body))) {
    store.addLoss({ reason: 'lone surrogate', spans: events.length })
    return
  }
  for (const event of events) {
    if (event.type === 'trace-create') store.addToTrace(toTrace(event.body), event.timestamp)
    else if (/-(?:create|update)$/.test(event.type) && event.type !== 'score-create') {
      const events = store.addToObservation(event)
      const merged = events.reduce<Observation | undefined>(
        (before, next) => toObservation(next, before),
        undefined,
      )
      if (merged !== undefined) store.addRow(merged)
    }
  }
}

import type { Json } from '../../json.ts'
import type { AcceptedEvent } from './ingestion-endpoint.ts'
import { toObservation, toTrace } from './ingestion-processing.ts'
import type { Server } from './modes.ts'
import { hasLoneSurrogate, processOtlp } from './otlp-processing.ts'
import type { Store } from './store.ts'

// What the server's workers write to the database after the response, or lose.

export function writeSpans(resourceSpans: readonly Json[], store: Store): void {
  const processed = processOtlp(resourceSpans)
  if ('loss' in processed) {
    store.addLoss(processed.loss)
    return
  }
  for (const observation of processed.observations) {
    store.addRow(observation)
    const { traceId: id, startTime: timestamp, environment, metadata, trace, isRoot } = observation
    const name = trace.name ?? (isRoot ? observation.name : null)
    store.mergeTrace({ ...trace, id, timestamp, environment, metadata, name })
  }
}

export function writeEvents(events: readonly AcceptedEvent[], { database }: Server, store: Store): void {
  if (database === 'clickhouse' && hasLoneSurrogate(events.map(({ body }) => body))) {
    store.addLoss({ reason: 'lone surrogate', spans: events.length })
    return
  }
  for (const event of events) {
    if (event.type === 'trace-create') store.mergeTrace(toTrace(event.body))
    else if (/-(?:create|update)$/.test(event.type) && event.type !== 'score-create') {
      const previous = store.observations().find(({ id }) => id === event.body.id)
      store.addRow(toObservation(event, previous))
    }
  }
}

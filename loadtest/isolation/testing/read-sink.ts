import type { FakeLangfuse } from '../../../shared/testing/fake-langfuse/fake-langfuse.ts'
import type { SinkRecord } from '../sink-record.ts'

/**
 * Reads all observations. Over OTLP each span carries its attribution, because Langfuse 4 takes nothing from other
 * spans of the trace; over the ingestion API the trace carries it.
 */
export function readSink(langfuse: FakeLangfuse, protocol: 'otlp' | 'ingestion'): readonly SinkRecord[] {
  const traces = new Map(langfuse.traces().map((trace) => [trace.id, trace]))
  return langfuse.observations().map((observation) => {
    const trace = traces.get(observation.traceId)
    const {
      userId = null,
      sessionId = null,
      tags = [],
    } = protocol === 'otlp' ? observation.trace : (trace ?? {})
    const { id, parentObservationId: parentId, traceId, name, type, input, output, metadata } = observation
    return {
      ...{ id, parentId, traceId, name, type, userId, sessionId, tags, input, output },
      metadata: { ...trace?.metadata, ...metadata },
    }
  })
}

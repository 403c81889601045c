import type { FakeLangfuse } from '../../../shared/testing/fake-langfuse/fake-langfuse.ts'
import type { SinkRecord } from '../sink-record.ts'

/**
 * Reads everything that arrived. Over OTLP each span tells whose it is, and must by itself, since version 4
 * reads nothing from a span's relatives; over the older API it stands on the trace.
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

import type { ApiIngestionEvent } from 'langfuse'
import type { Json, JsonObject } from '../../../../shared/json.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { mapText, wellFormed } from '../../well-formed-text.ts'
import { type Observation, observationOf } from '../data-model/observation.ts'
import { agentOf, type LangfuseContext, type Trace, traceOf } from '../data-model/trace.ts'
import { plainUsage, type UsageDetails } from '../data-model/usage.ts'

/**
 * A record as events of Langfuse's older API (`POST /api/public/ingestion`), for servers before 3.22. Event
 * ids are made of the record's own, so that the same record sent again changes nothing.
 */
export function toIngestionEvents(
  record: InferenceRecord,
  settings: LangfuseContext,
): readonly ApiIngestionEvent[] {
  const { id, trace } = record
  const agent = agentOf(record, settings)
  const told = observationOf(record, settings)
  const ofTrace = traceOf(record, settings)
  const timestamp = isoTime(record, record.times.durationMs)
  const event = (suffix: string, type: string, body: Readonly<Record<string, unknown>>) =>
    ({ id: `${id}-${suffix}`, type, timestamp, body: cleaned(body) }) as unknown as ApiIngestionEvent
  const place = {
    traceId: trace.traceId,
    environment: ofTrace.environment,
    startTime: isoTime(record, 0),
    endTime: timestamp,
  }

  // A caller that sent its own span has named its trace, or will.
  const ownName = trace.parentSpanId === undefined ? (agent?.name ?? told.name) : undefined
  const traceBody = { id: trace.traceId, timestamp: isoTime(record, 0), ...traceFields(ofTrace, ownName) }
  // Without a trace-create the observation is there, but its trace cannot be read.
  const events = [event('trace', 'trace-create', traceBody)]
  if (agent !== undefined) {
    const body = { ...place, id: agent.id, name: agent.name, parentObservationId: trace.parentSpanId }
    events.push(event('agent', 'span-create', body))
  }
  // Embeddings and retrievers have event types of their own only since 3.98, where OTLP is spoken instead.
  const isModelCall = told.type === 'generation' || told.type === 'embedding'
  const body = {
    ...place,
    id: trace.spanId,
    parentObservationId: agent?.id ?? trace.parentSpanId,
    ...observationFields(told),
    ...(isModelCall ? modelFields(told, plainUsage(record)) : { metadata: spanMetadata(told) }),
  }
  events.push(event('observation', isModelCall ? 'generation-create' : 'span-create', body))
  return events
}

function traceFields(trace: Trace, ownName: string | undefined): Readonly<Record<string, unknown>> {
  return {
    ...trace,
    name: trace.name ?? ownName,
    tags: trace.tags.length === 0 ? undefined : trace.tags,
    metadata: Object.keys(trace.metadata).length === 0 ? undefined : trace.metadata,
  }
}

function observationFields({ name, level, statusMessage, input, output, metadata }: Observation) {
  return { name, level, statusMessage, input, output, metadata }
}

/** A span of this API has no field for a model: speech and pictures tell theirs in the metadata. */
function spanMetadata({ metadata, model, parameters }: Observation): Readonly<Record<string, unknown>> {
  return {
    ...metadata,
    model,
    model_parameters: Object.keys(parameters).length === 0 ? undefined : parameters,
  }
}

/** @param plain for version 2, which knows `usage` alone; version 3 prefers the details */
function modelFields(told: Observation, plain: UsageDetails | undefined): Readonly<Record<string, unknown>> {
  return {
    model: told.model,
    modelParameters: parametersOf(told.parameters),
    completionStartTime: told.completionStart,
    usage: plain === undefined ? undefined : { ...plain, unit: 'TOKENS' },
    usageDetails: told.usage,
    costDetails: told.cost,
  }
}

/** The API takes scalars and lists of text; anything else would cost the whole event. */
function parametersOf(parameters: JsonObject): JsonObject {
  const entries = Object.entries(parameters).map(([key, value]) => [
    key,
    typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
  ])
  return Object.fromEntries(entries)
}

function isoTime({ times }: InferenceRecord, afterMs: number): string {
  return new Date(Math.round(times.startedAt + afterMs)).toISOString()
}

/** PostgreSQL refuses U+0000 in text: version 2 answers 500 for it. */
function cleaned(body: Readonly<Record<string, unknown>>): Json {
  return mapText(body as Json, (text) => wellFormed(text).replaceAll('\u0000', ''))
}

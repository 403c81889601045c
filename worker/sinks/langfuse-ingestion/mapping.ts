import type { ApiIngestionEvent } from 'langfuse'
import type { Json, JsonObject } from '../../../shared/json.ts'
import type { InferenceRecord } from '../../../shared/record/record.ts'
import {
  agentOf,
  completionStartOf,
  environmentOf,
  factsOf,
  type LangfuseContext,
  levelOf,
  metadataOf,
  modelOf,
  nameOf,
  outputOf,
  statusMessageOf,
  typeOf,
} from '../langfuse/observation.ts'
import { costDetails, plainUsage, usageDetails } from '../langfuse/usage.ts'
import { mapText, wellFormed } from '../well-formed.ts'

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
  const timestamp = isoTime(record, record.times.durationMs)
  const event = (suffix: string, type: string, body: Readonly<Record<string, unknown>>) =>
    ({ id: `${id}-${suffix}`, type, timestamp, body: cleaned(body) }) as unknown as ApiIngestionEvent
  const place = {
    traceId: trace.traceId,
    environment: environmentOf(record, settings),
    startTime: isoTime(record, 0),
    endTime: timestamp,
  }

  const events = [event('trace', 'trace-create', traceBody(record, settings, agent?.name))]
  if (agent !== undefined) {
    const body = { ...place, id: agent.id, name: agent.name, parentObservationId: trace.parentSpanId }
    events.push(event('agent', 'span-create', body))
  }
  const type = typeOf(record)
  // Embeddings and retrievers have event types of their own only since 3.98, where OTLP is spoken instead.
  const isModelCall = type === 'generation' || type === 'embedding'
  const body = {
    ...place,
    id: trace.spanId,
    parentObservationId: agent?.id ?? trace.parentSpanId,
    ...observationBody(record, settings),
    ...(isModelCall ? modelBody(record) : { metadata: spanMetadata(record, settings) }),
  }
  events.push(event('observation', isModelCall ? 'generation-create' : 'span-create', body))
  return events
}

/** Without a trace-create the observation is there, but its trace cannot be read. */
function traceBody(
  record: InferenceRecord,
  settings: LangfuseContext,
  agentName: string | undefined,
): Readonly<Record<string, unknown>> {
  const { context, trace } = record
  const metadata = metadataOf(record)
  // A caller that sent its own span has named its trace, or will.
  const ownName = trace.parentSpanId === undefined ? (agentName ?? nameOf(record)) : undefined
  return {
    id: trace.traceId,
    timestamp: isoTime(record, 0),
    name: context.traceName ?? ownName,
    userId: context.userId,
    sessionId: context.sessionId ?? context.threadId,
    tags: context.tags.length === 0 ? undefined : context.tags,
    metadata: Object.keys(metadata).length === 0 ? undefined : metadata,
    environment: environmentOf(record, settings),
    release: settings.release,
  }
}

function observationBody(
  record: InferenceRecord,
  settings: LangfuseContext,
): Readonly<Record<string, unknown>> {
  return {
    name: nameOf(record),
    level: levelOf(record),
    statusMessage: statusMessageOf(record),
    input: record.input,
    output: outputOf(record.output),
    metadata: factsOf(record, settings),
  }
}

/** A span of this API has no field for a model: speech and pictures tell theirs in the metadata. */
function spanMetadata(record: InferenceRecord, settings: LangfuseContext): JsonObject {
  const { parameters } = record.request
  return {
    ...factsOf(record, settings),
    model: modelOf(record),
    model_parameters: Object.keys(parameters).length === 0 ? undefined : parameters,
  }
}

/** Version 2 knows `usage` alone; version 3 prefers the details. */
function modelBody(record: InferenceRecord): Readonly<Record<string, unknown>> {
  const usage = plainUsage(record)
  return {
    model: modelOf(record),
    modelParameters: parametersOf(record.request.parameters),
    completionStartTime: completionStartOf(record),
    usage: usage === undefined ? undefined : { ...usage, unit: 'TOKENS' },
    usageDetails: usageDetails(record),
    costDetails: costDetails(record),
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

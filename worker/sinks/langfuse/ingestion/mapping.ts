import type { ApiIngestionEvent } from 'langfuse'
import type { Json, JsonObject } from '../../../../shared/json.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { mapStrings, toWellFormed } from '../../well-formed-text.ts'
import { type Observation, observationOf } from '../data-model/observation.ts'
import { type AgentSpan, agentOf, type LangfuseSettings, type Trace, traceOf } from '../data-model/trace.ts'
import { plainUsage, type UsageDetails } from '../data-model/usage.ts'

/**
 * Maps a record to events of Langfuse's older API (`POST /api/public/ingestion`), for servers before 3.22.
 * Event ids derive from the record's id, so that sending it again changes nothing.
 */
export function toIngestionEvents(
  record: InferenceRecord,
  settings: LangfuseSettings,
): readonly ApiIngestionEvent[] {
  const trace = traceOf(record, settings)
  const agent = agentOf(record, settings)
  const observation = observationOf(record, settings)
  return [
    // Without a trace-create the observation exists, but its trace cannot be read.
    traceEvent(record, trace, agent?.name ?? observation.name),
    ...(agent === undefined ? [] : [agentEvent(record, trace, agent)]),
    observationEvent(record, trace, agent, observation),
  ]
}

function traceEvent(record: InferenceRecord, trace: Trace, rootName: string): ApiIngestionEvent {
  const { traceId, parentSpanId } = record.trace
  return event(record, 'trace', 'trace-create', {
    ...trace,
    id: traceId,
    timestamp: startTimeOf(record),
    // A caller that sent its own parent span has named its trace, or will.
    name: trace.name ?? (parentSpanId === undefined ? rootName : undefined),
    tags: trace.tags.length === 0 ? undefined : trace.tags,
    metadata: unlessEmpty(trace.metadata),
  })
}

function agentEvent(record: InferenceRecord, trace: Trace, agent: AgentSpan): ApiIngestionEvent {
  const { id, name } = agent
  const { parentSpanId } = record.trace
  return event(record, 'agent', 'span-create', {
    ...sharedFields(record, trace),
    id,
    name,
    parentObservationId: parentSpanId,
  })
}

function observationEvent(
  record: InferenceRecord,
  trace: Trace,
  agent: AgentSpan | undefined,
  observation: Observation,
): ApiIngestionEvent {
  // Of the types that these servers know, only generations have a model, parameters and usage.
  const isModelCall = observation.model !== undefined
  return event(record, 'observation', isModelCall ? 'generation-create' : 'span-create', {
    ...sharedFields(record, trace),
    id: record.trace.spanId,
    parentObservationId: agent?.id ?? record.trace.parentSpanId,
    ...observationFields(observation),
    ...(isModelCall ? modelFields(observation, plainUsage(record)) : {}),
  })
}

type Body = Readonly<Record<string, unknown>>

function event(record: InferenceRecord, suffix: string, type: string, body: Body): ApiIngestionEvent {
  const { id } = record
  const timestamp = endTimeOf(record)
  return { id: `${id}-${suffix}`, type, timestamp, body: cleaned(body) } as unknown as ApiIngestionEvent
}

/** What spans and generations have alike. */
function sharedFields(record: InferenceRecord, { environment }: Trace): Body {
  const { traceId } = record.trace
  return { traceId, environment, startTime: startTimeOf(record), endTime: endTimeOf(record) }
}

function observationFields({ name, level, statusMessage, input, output, metadata }: Observation) {
  return { name, level, statusMessage, input, output, metadata }
}

/** @param usage for version 2, which knows `usage` alone; version 3 prefers `usageDetails` */
function modelFields(observation: Observation, usage: UsageDetails | undefined): Body {
  return {
    model: observation.model,
    modelParameters: parametersOf(observation.parameters),
    completionStartTime: observation.completionStartTime,
    usage: usage === undefined ? undefined : { ...usage, unit: 'TOKENS', totalCost: observation.cost?.total },
    usageDetails: observation.usage,
    costDetails: observation.cost,
  }
}

/** The API accepts scalars and lists of strings; anything else would be rejected with its event. */
function parametersOf(parameters: JsonObject): JsonObject {
  const entries = Object.entries(parameters).map(([key, value]) => [
    key,
    typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
  ])
  return Object.fromEntries(entries)
}

const unlessEmpty = (object: JsonObject): JsonObject | undefined =>
  Object.keys(object).length === 0 ? undefined : object

const startTimeOf = ({ times }: InferenceRecord): string => isoTime(times.startedAt)

const endTimeOf = ({ times }: InferenceRecord): string => isoTime(times.startedAt + times.durationMs)

const isoTime = (ms: number): string => new Date(Math.round(ms)).toISOString()

/** PostgreSQL refuses U+0000 in text: version 2 responds with 500. */
function cleaned(body: Body): Json {
  return mapStrings(body as Json, (text) => toWellFormed(text).replaceAll('\u0000', ''))
}

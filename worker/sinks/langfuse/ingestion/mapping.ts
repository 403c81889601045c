import type { ApiIngestionEvent } from 'langfuse'
import type { Json, JsonObject } from '../../../../shared/json.ts'
import { deliveryId } from '../../../../shared/record/delivery-id.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { mapStrings, toWellFormed } from '../../well-formed-text.ts'
import { type Observation, observationOf } from '../data-model/observation.ts'
import { type ToolObservation, toolObservationsOf } from '../data-model/tool-observation.ts'
import {
  type AgentSpan,
  agentsOf,
  type LangfuseSettings,
  parentOf,
  stableName,
  type Trace,
  traceOf,
} from '../data-model/trace.ts'
import type { TraceGroup } from '../data-model/trace-memory.ts'
import { plainUsage, type UsageDetails } from '../data-model/usage.ts'

/**
 * Maps a record to events of Langfuse's older API (`POST /api/public/ingestion`), for servers before 3.22.
 * Event ids derive from the record's id, so that sending it again changes nothing.
 * @param group what the calls of the record's trace have in common
 */
export function toIngestionEvents(
  record: InferenceRecord,
  group: TraceGroup,
  settings: LangfuseSettings,
): readonly ApiIngestionEvent[] {
  const trace = traceOf(record, group, settings)
  const observation = observationOf(record, settings)
  const agents = agentsOf(record, group, settings, observation.input)
  return [
    // Without a trace-create the observation exists, but its trace cannot be read.
    traceEvent(record, trace, observation, traceContent(record, agents, observation, settings)),
    ...agents.map((agent, at) => agentEvent(record, trace, agent, observation, at)),
    ...toolObservationsOf(record, settings).map((tool, at) => toolEvent(record, trace, tool, at)),
    observationEvent(record, trace, parentOf(record, group, settings), observation),
  ]
}

type Content = Pick<Observation, 'input' | 'output'>

/** Of a run what its first agent was asked, and the answer of its newest call; of any other trace those of its call. */
function traceContent(
  record: InferenceRecord,
  agents: readonly AgentSpan[],
  { input, output }: Observation,
  { spans }: LangfuseSettings,
): Content {
  if (!spans || record.run?.agent === undefined) return { input, output }
  const root = agents.find(({ parentSpanId }) => parentSpanId === record.trace.parentSpanId)
  return root === undefined ? { input: undefined, output: undefined } : { input: root.input, output }
}

/**
 * Earlier than any event of a caller: what it says of its own trace stands, whenever it comes (measured on 3.20 and
 * 3.225), and where it says nothing the trace has a name and content all the same.
 */
const beforeAnyCaller = '1970-01-01T00:00:01.000Z'

/** Of the two records of one generation the later one has the output. */
const beforeAnyCallerLater = '1970-01-01T00:00:02.000Z'

/** These servers show a trace's own input and output in lists and sessions, and take none from its observations. */
function traceEvent(
  record: InferenceRecord,
  trace: Trace,
  observation: Observation,
  { input, output }: Content,
): ApiIngestionEvent {
  const { traceId, parentSpanId } = record.trace
  const body = {
    ...trace,
    id: traceId,
    timestamp: startTimeOf(record),
    name: trace.name ?? stableName(record, observation.name),
    tags: trace.tags.length === 0 ? undefined : trace.tags,
    metadata: unlessEmpty(trace.metadata),
    input,
    output,
  }
  return event(
    record,
    'trace',
    'trace-create',
    body,
    parentSpanId === undefined ? undefined : earliest(record),
  )
}

const earliest = ({ completedBy }: InferenceRecord): string =>
  completedBy === undefined ? beforeAnyCaller : beforeAnyCallerLater

/** A span, because versions before 3.98 know no agents here. */
function agentEvent(
  record: InferenceRecord,
  trace: Trace,
  agent: AgentSpan,
  { output }: Observation,
  at: number,
): ApiIngestionEvent {
  return event(record, at === 0 ? 'agent' : `agent-${at}`, eventType(record, 'span'), {
    traceId: record.trace.traceId,
    environment: trace.environment,
    startTime: isoTime(agent.startedAt),
    endTime: isoTime(agent.endedAt),
    id: agent.id,
    name: agent.name,
    level: agent.level,
    parentObservationId: agent.parentSpanId,
    input: agent.input,
    output,
  })
}

/** A span, for the same reason. */
function toolEvent(
  record: InferenceRecord,
  { environment }: Trace,
  tool: ToolObservation,
  at: number,
): ApiIngestionEvent {
  const { id, name, level, statusMessage, input, output, metadata, parentSpanId } = tool
  return event(record, `tool-${at}`, eventType(record, 'span'), {
    traceId: record.trace.traceId,
    environment,
    startTime: isoTime(tool.startedAt),
    endTime: isoTime(tool.endedAt),
    parentObservationId: parentSpanId,
    metadata: { ...metadata, type: 'tool' },
    ...{ id, name, level, statusMessage, input, output },
  })
}

function observationEvent(
  record: InferenceRecord,
  trace: Trace,
  parentSpanId: string | undefined,
  observation: Observation,
): ApiIngestionEvent {
  // Of the types that these servers know, only generations have a model, parameters and usage. What was fetched is one
  // already.
  const { type, model, usage } = observation
  const isOfModel = type !== 'span' || model !== undefined || usage !== undefined
  const isModelCall = isOfModel && record.fetched === undefined
  return event(record, 'observation', eventType(record, isModelCall ? 'generation' : 'span'), {
    ...sharedFields(record, trace),
    id: record.trace.spanId,
    parentObservationId: parentSpanId,
    ...observationFields(observation),
    ...(isModelCall ? modelFields(observation, plainUsage(record)) : {}),
  })
}

/** What completes a generation updates the observation that the earlier record created, or creates it. */
const eventType = ({ completedBy }: InferenceRecord, kind: 'generation' | 'span'): string =>
  completedBy === undefined ? `${kind}-create` : `${kind}-update`

type Body = Readonly<Record<string, unknown>>

function event(
  record: InferenceRecord,
  suffix: string,
  type: string,
  body: Body,
  timestamp = endTimeOf(record),
): ApiIngestionEvent {
  // An event whose id is known already takes its place, or is passed over.
  return {
    id: `${deliveryId(record)}-${suffix}`,
    type,
    timestamp,
    body: cleaned(body),
  } as unknown as ApiIngestionEvent
}

function sharedFields(record: InferenceRecord, { environment, version }: Trace): Body {
  const { traceId } = record.trace
  const endTime = record.ending === 'running' ? undefined : endTimeOf(record)
  return { traceId, environment, version, startTime: startTimeOf(record), endTime }
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
    promptName: observation.prompt?.name,
    promptVersion: observation.prompt?.version,
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

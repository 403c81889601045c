import { isJsonObject, type JsonObject } from '../../../../shared/json.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import {
  type Attribute,
  type AttributeValues,
  contentText,
  nanoseconds,
  type ResourceAndScope,
  type Span,
  spanKind,
  spanTimes,
  toAttributes,
} from '../../otlp/otlp-json.ts'
import { stringifyWellFormed, toWellFormed } from '../../well-formed-text.ts'
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

/**
 * With a scope of any other name Langfuse copies every attribute into the observation's metadata, so that all
 * of it appears twice (measured on 4.16). Some versions 3 recognise it only with the project's public key in
 * the scope, as Langfuse's own SDKs send it.
 */
const scopeName = 'langfuse-sdk-threadtap'

/** @param publicKey of the project */
export function langfuseResourceAndScope(publicKey: string): ResourceAndScope {
  return {
    resource: toAttributes({ 'service.name': 'threadtap' }),
    scope: { name: scopeName, attributes: langfuseAttributes({ public_key: publicKey }) },
  }
}

/**
 * Maps a record to Langfuse's own span attributes
 * (https://langfuse.com/integrations/native/opentelemetry#property-mapping): one span, and for an agent's call
 * the agent's span around it.
 * @param group what the calls of the record's trace have in common
 */
export function toLangfuseSpans(
  record: InferenceRecord,
  group: TraceGroup,
  settings: LangfuseSettings,
): readonly Span[] {
  const observation = observationOf(record, settings)
  const agents = agentsOf(record, group, settings, observation.input)
  // Version 4 reads nothing from related spans, so that every span carries the attributes of the trace.
  const trace = traceValues(spanTrace(record, traceOf(record, group, settings), observation, settings))
  const root = { ...trace, ...rootMarks(record, settings) }
  const valuesUnder = (parentSpanId: string | undefined): AttributeValues =>
    parentSpanId === record.trace.parentSpanId ? root : trace
  const parentSpanId = parentOf(record, group, settings)
  return [
    ...agents.map((agent) => agentSpan(record, agent, observation, valuesUnder(agent.parentSpanId))),
    ...toolObservationsOf(record, settings).map((tool) => toolSpan(record, tool, trace)),
    callSpan(record, parentSpanId, observation, valuesUnder(parentSpanId)),
  ]
}

/** Version 3 gives a trace the name that any of its spans has, so that a caller's trace gets none unless it may be filled. */
function spanTrace(
  record: InferenceRecord,
  trace: Trace,
  observation: Observation,
  { fillCallerTraces }: LangfuseSettings,
): Trace {
  const apart = { ...trace, metadata: apartFrom(observation.metadata, trace.metadata) }
  const mayName = record.trace.parentSpanId === undefined || fillCallerTraces
  const isNamed = record.context.traceName !== undefined
  if (!mayName) return isNamed ? apart : { ...apart, name: undefined }
  return { ...apart, name: trace.name ?? stableName(record, observation.name) }
}

/** Both are in one panel, where the trace's would win (OtelIngestionProcessor.processToEvent). */
function apartFrom(own: JsonObject, callers: JsonObject): JsonObject {
  const entries = Object.entries(callers)
  return Object.fromEntries(entries.map(([key, value]) => [key in own ? `caller_${key}` : key, value]))
}

function callSpan(
  record: InferenceRecord,
  parentSpanId: string | undefined,
  observation: Observation,
  trace: AttributeValues,
): Span {
  return {
    traceId: record.trace.traceId,
    spanId: record.trace.spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: toWellFormed(observation.name),
    kind: spanKind.client,
    ...spanTimes(record),
    attributes: langfuseAttributes({ ...trace, ...observationValues(observation) }),
    status: observation.level === 'ERROR' ? { code: 2 } : {},
  }
}

/** Its input and output are those of its trace on version 3, and of the root on version 4, which have no others. */
function agentSpan(
  record: InferenceRecord,
  agent: AgentSpan,
  { output }: Observation,
  trace: AttributeValues,
): Span {
  const { parentSpanId, input } = agent
  return {
    traceId: record.trace.traceId,
    spanId: agent.id,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: toWellFormed(agent.name),
    kind: spanKind.internal,
    startTimeUnixNano: nanoseconds(agent.startedAt),
    endTimeUnixNano: nanoseconds(agent.endedAt),
    attributes: langfuseAttributes({
      ...trace,
      'langfuse.observation.type': 'agent',
      'langfuse.observation.level': agent.level,
      'langfuse.observation.input': contentText(input),
      'langfuse.observation.output': contentText(output),
      'langfuse.observation.metadata': panelOf({}),
    }),
    status: agent.level === 'ERROR' ? { code: 2 } : {},
  }
}

function toolSpan(record: InferenceRecord, tool: ToolObservation, trace: AttributeValues): Span {
  const { parentSpanId } = tool
  return {
    traceId: record.trace.traceId,
    spanId: tool.id,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: toWellFormed(tool.name),
    kind: spanKind.internal,
    startTimeUnixNano: nanoseconds(tool.startedAt),
    endTimeUnixNano: nanoseconds(tool.endedAt),
    attributes: langfuseAttributes({
      ...trace,
      'langfuse.observation.type': 'tool',
      'langfuse.observation.level': tool.level,
      'langfuse.observation.status_message': tool.statusMessage,
      'langfuse.observation.input': contentText(tool.input),
      'langfuse.observation.output': contentText(tool.output),
      'langfuse.observation.metadata': panelOf(tool.metadata),
    }),
    status: tool.level === 'ERROR' ? { code: 2 } : {},
  }
}

/**
 * Langfuse reads integers by their high and low half, which the decimal strings of OTLP/JSON do not have
 * (OtelIngestionProcessor.convertValueToPlainJavascript), so that numbers are sent as doubles.
 */
function langfuseAttributes(values: AttributeValues): readonly Attribute[] {
  return toAttributes(values).map(({ key, value }) =>
    'intValue' in value ? { key, value: { doubleValue: Number(value.intValue) } } : { key, value },
  )
}

function traceValues({
  name,
  userId,
  sessionId,
  tags,
  environment,
  release,
  version,
  public: isPublic,
  metadata,
}: Trace): AttributeValues {
  return {
    'langfuse.trace.name': name,
    'langfuse.user.id': userId,
    'langfuse.session.id': sessionId,
    'langfuse.trace.tags': tags,
    'langfuse.environment': environment,
    'langfuse.release': release,
    'langfuse.version': version,
    'langfuse.trace.public': isPublic,
    ...metadataValues('langfuse.trace.metadata', metadata),
  }
}

/**
 * The caller's own spans may never reach Langfuse: `is_app_root` makes a root on version 4, and `as_root` gives the trace
 * of version 3 and of version 4's dual mode this span's name, input and output, also in place of a caller's own.
 */
function rootMarks({ trace }: InferenceRecord, { fillCallerTraces }: LangfuseSettings): AttributeValues {
  if (trace.parentSpanId === undefined) return {}
  return {
    'langfuse.internal.is_app_root': true,
    ...(fillCallerTraces && { 'langfuse.internal.as_root': true }),
  }
}

function observationValues(observation: Observation): AttributeValues {
  return {
    'langfuse.observation.type': observation.type,
    'langfuse.observation.level': observation.level,
    'langfuse.observation.status_message': observation.statusMessage,
    'langfuse.observation.model.name': observation.model,
    'langfuse.observation.model.parameters': jsonOf(observation.parameters),
    'langfuse.observation.input': contentText(observation.input),
    'langfuse.observation.output': contentText(observation.output),
    'langfuse.observation.usage_details': jsonOf(observation.usage),
    'langfuse.observation.cost_details': jsonOf(observation.cost),
    'langfuse.observation.completion_start_time': observation.completionStartTime,
    // Taken on generations alone.
    'langfuse.observation.prompt.name': observation.prompt?.name,
    'langfuse.observation.prompt.version': observation.prompt?.version,
    'langfuse.observation.metadata': panelOf(observation.metadata),
  }
}

/**
 * Version 4 adds every attribute, the resource and the scope to the metadata, and lays own metadata over them: an empty
 * object under the bare name, in none of the single keys, leaves nothing of each (measured).
 */
const panelOf = (metadata: JsonObject): string =>
  stringifyWellFormed({ ...metadata, attributes: {}, scope: {}, resourceAttributes: {} })

function jsonOf(value: JsonObject | undefined): string | undefined {
  return value === undefined || Object.keys(value).length === 0 ? undefined : stringifyWellFormed(value)
}

/** One attribute per key, because only top-level keys can be filtered by; nested values are sent as JSON. */
function metadataValues(prefix: string, metadata: JsonObject): AttributeValues {
  const entries = Object.entries(metadata).map(([key, value]): [string, AttributeValues[string]] => [
    `${prefix}.${key}`,
    isJsonObject(value) || Array.isArray(value)
      ? stringifyWellFormed(value)
      : (value as AttributeValues[string]),
  ])
  return Object.fromEntries(entries)
}

import { isJsonObject, type JsonObject } from '../../../../shared/json.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import {
  type Attribute,
  type AttributeValues,
  contentText,
  type ResourceAndScope,
  type Span,
  spanKind,
  spanTimes,
  toAttributes,
} from '../../otlp/otlp-json.ts'
import { stringifyWellFormed, toWellFormed } from '../../well-formed-text.ts'
import { type Observation, observationOf } from '../data-model/observation.ts'
import { type AgentSpan, agentOf, type LangfuseSettings, type Trace, traceOf } from '../data-model/trace.ts'

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
 */
export function toLangfuseSpans(record: InferenceRecord, settings: LangfuseSettings): readonly Span[] {
  const { parentSpanId } = record.trace
  const agent = agentOf(record, settings)
  // Version 4 reads nothing from related spans, so that every span carries the attributes of the trace.
  const trace = traceValues(traceOf(record, settings))
  const root = { ...trace, ...rootMark(record) }
  const observation = observationOf(record, settings)
  if (agent === undefined) return [callSpan(record, parentSpanId, observation, root)]
  return [agentSpan(record, agent, root), callSpan(record, agent.id, observation, trace)]
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

function agentSpan(record: InferenceRecord, agent: AgentSpan, trace: AttributeValues): Span {
  const { traceId, parentSpanId } = record.trace
  return {
    traceId,
    spanId: agent.id,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: toWellFormed(agent.name),
    kind: spanKind.internal,
    ...spanTimes(record),
    attributes: langfuseAttributes({ ...trace, 'langfuse.observation.type': 'span' }),
    status: {},
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
  metadata,
}: Trace): AttributeValues {
  return {
    'langfuse.trace.name': name,
    'langfuse.user.id': userId,
    'langfuse.session.id': sessionId,
    'langfuse.trace.tags': tags,
    'langfuse.environment': environment,
    'langfuse.release': release,
    ...metadataValues('langfuse.trace.metadata', metadata),
  }
}

/** The caller's own spans may never reach Langfuse, whose list leaves out traces without a root. */
function rootMark({ trace }: InferenceRecord): AttributeValues {
  return trace.parentSpanId === undefined ? {} : { 'langfuse.internal.is_app_root': true }
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
    ...metadataValues('langfuse.observation.metadata', observation.metadata),
  }
}

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

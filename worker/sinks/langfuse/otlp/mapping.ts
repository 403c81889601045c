import { isJsonObject, type JsonObject } from '../../../../shared/json.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import {
  type Attribute,
  attributes,
  contentText,
  type Origin,
  type Span,
  spanKind,
  spanTimes,
  type Values,
} from '../../otlp/otlp-json.ts'
import { wellFormed, wellFormedJson } from '../../well-formed-text.ts'
import { type Observation, observationOf } from '../data-model/observation.ts'
import { agentOf, type LangfuseContext, type Trace, traceOf } from '../data-model/trace.ts'

/**
 * Without a scope of this name Langfuse copies every attribute into the observation's metadata, so that all
 * of it stood there twice (measured on 4.16). Some versions 3 take it only with the project's public key
 * in the scope, as Langfuse's own SDKs send it.
 */
const scopeName = 'langfuse-sdk-threadtap'

/** @returns who sends, for one project's key */
export function langfuseOrigin(publicKey: string): Origin {
  return {
    resource: attributes({ 'service.name': 'threadtap' }),
    scope: { name: scopeName, attributes: langfuseAttributes({ public_key: publicKey }) },
  }
}

/**
 * A record as Langfuse's own span attributes
 * (https://langfuse.com/integrations/native/opentelemetry#property-mapping): one span, and the agent's
 * around it where there is one.
 */
export function toLangfuseSpans(record: InferenceRecord, settings: LangfuseContext): readonly Span[] {
  const { trace } = record
  const agent = agentOf(record, settings)
  const told = observationOf(record, settings)
  // What belongs to the trace stands on every span: version 4 reads nothing from a span's relatives.
  const ofTrace = traceValues(traceOf(record, settings))
  const ofRoot = { ...ofTrace, ...rootMark(record) }
  const ends = spanTimes(record)
  const parent = trace.parentSpanId === undefined ? {} : { parentSpanId: trace.parentSpanId }

  const observation: Span = {
    traceId: trace.traceId,
    spanId: trace.spanId,
    ...(agent === undefined ? parent : { parentSpanId: agent.id }),
    name: wellFormed(told.name),
    kind: spanKind.client,
    ...ends,
    attributes: langfuseAttributes({
      ...(agent === undefined ? ofRoot : ofTrace),
      ...observationValues(told),
    }),
    status: told.level === 'ERROR' ? { code: 2 } : {},
  }
  if (agent === undefined) return [observation]
  const around: Span = {
    traceId: trace.traceId,
    spanId: agent.id,
    ...parent,
    name: wellFormed(agent.name),
    kind: spanKind.internal,
    ...ends,
    attributes: langfuseAttributes({ ...ofRoot, 'langfuse.observation.type': 'span' }),
    status: {},
  }
  return [around, observation]
}

/**
 * Langfuse computes with the high and low half of an integer, which the text form of OTLP/JSON does not have
 * (OtelIngestionProcessor.convertValueToPlainJavascript): a double arrives as the number that it is.
 */
function langfuseAttributes(values: Values): readonly Attribute[] {
  return attributes(values).map(({ key, value }) =>
    'intValue' in value ? { key, value: { doubleValue: Number(value.intValue) } } : { key, value },
  )
}

function traceValues({ name, userId, sessionId, tags, environment, release, metadata }: Trace): Values {
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

/** The caller's own spans may never reach Langfuse, and a trace without a root does not show in its list. */
function rootMark({ trace }: InferenceRecord): Values {
  return trace.parentSpanId === undefined ? {} : { 'langfuse.internal.is_app_root': true }
}

function observationValues(told: Observation): Values {
  return {
    'langfuse.observation.type': told.type,
    'langfuse.observation.level': told.level,
    'langfuse.observation.status_message': told.statusMessage,
    'langfuse.observation.model.name': told.model,
    'langfuse.observation.model.parameters': jsonOf(told.parameters),
    'langfuse.observation.input': contentText(told.input),
    'langfuse.observation.output': contentText(told.output),
    'langfuse.observation.usage_details': jsonOf(told.usage),
    'langfuse.observation.cost_details': jsonOf(told.cost),
    'langfuse.observation.completion_start_time': told.completionStart,
    ...metadataValues('langfuse.observation.metadata', told.metadata),
  }
}

function jsonOf(value: JsonObject | undefined): string | undefined {
  return value === undefined || Object.keys(value).length === 0 ? undefined : wellFormedJson(value)
}

/** One attribute per key, because only top-level keys can be filtered by; what is nested goes as JSON text. */
function metadataValues(prefix: string, metadata: JsonObject): Values {
  const entries = Object.entries(metadata).map(([key, value]): [string, Values[string]] => [
    `${prefix}.${key}`,
    isJsonObject(value) || Array.isArray(value) ? wellFormedJson(value) : (value as Values[string]),
  ])
  return Object.fromEntries(entries)
}

import type { Json, JsonObject } from '../../../../shared/json.ts'
import type { CallContext, InferenceRecord } from '../../../../shared/record/record.ts'
import { type CallerField, readCallerFields } from './caller-fields.ts'
import { type AgentFacts, agentName, type TraceGroup } from './trace-memory.ts'

/** Settings that shape every observation. */
export type LangfuseSettings = {
  readonly environment?: string | undefined
  readonly release?: string | undefined
  /** LANGFUSE_ENABLE_SPANS: also `agent_<key>` spans around generations. */
  readonly spans: boolean
  /** LANGFUSE_FILL_CALLER_TRACES: over OTLP a call under a caller's span is the root of what its trace shows. */
  readonly fillCallerTraces: boolean
  /** LANGFUSE_CALLER_FIELDS. */
  readonly callerFields: ReadonlySet<CallerField>
  /** LANGFUSE_MAX_CHARACTERS: of input, and of output; 0 for no limit. */
  readonly maxCharacters: number
}

/** A trace in Langfuse's terms. */
export type Trace = {
  /** Undefined where the trace is a caller's, who names it or not. */
  readonly name: string | undefined
  readonly userId: string | undefined
  readonly sessionId: string | undefined
  readonly tags: readonly string[]
  readonly metadata: JsonObject
  readonly environment: string | undefined
  readonly release: string | undefined
  readonly version: string | undefined
  /** True, or undefined: a trace that is public is never made private again by another call. */
  readonly public: true | undefined
}

export type AgentSpan = AgentFacts & { readonly name: string }

export function traceOf(record: InferenceRecord, group: TraceGroup, settings: LangfuseSettings): Trace {
  const { context } = record
  const { fields, rest } = readCallerFields(context.metadata, settings.callerFields)
  return {
    name: group.name,
    userId: context.userId,
    sessionId: context.sessionId ?? context.threadId,
    tags: group.tags,
    metadata: callerMetadata(context, rest, settings),
    environment: environmentOf(context, settings),
    release: fields.release ?? settings.release,
    version: fields.version,
    public: fields.public,
  }
}

/**
 * The name of a trace that has neither a name nor an agent: of a call's own trace that call's, and the same one for all
 * calls that their caller put into one trace, because Langfuse shows the name that was written last.
 * @param callName of the observation
 */
export function stableName({ context }: InferenceRecord, callName: string): string {
  return context.sources?.traceId === undefined ? callName : 'calls'
}

/** @returns the span around the calls of an agent; undefined without one, or with spans off */
export function agentOf(
  record: InferenceRecord,
  { agent }: TraceGroup,
  { spans }: LangfuseSettings,
): AgentSpan | undefined {
  const name = agentName(record)
  return !spans || agent === undefined || name === undefined ? undefined : { ...agent, name }
}

/** True where the agent key is the name of a span, and need not be in the metadata. */
export const hasAgentSpan = ({ trace, context }: InferenceRecord, { spans }: LangfuseSettings): boolean =>
  spans && trace.agentSpanId !== undefined && context.agentKey !== undefined

function environmentOf({ environment }: CallContext, settings: LangfuseSettings): string | undefined {
  return (settings.callerFields.has('environment') ? environment : undefined) ?? settings.environment
}

/** The caller's metadata, without what only repeats a field, and with what it may not decide. */
function callerMetadata(context: CallContext, metadata: JsonObject, settings: LangfuseSettings): JsonObject {
  const { environment } = context
  const isRefused = environment !== undefined && !settings.callerFields.has('environment')
  const all = isRefused ? { environment, ...metadata } : metadata
  const fields: Readonly<Record<string, Json | undefined>> = {
    thread_id: context.threadId,
    session_id: context.sessionId,
    user_id: context.userId,
    agent_key: context.agentKey,
    trace_name: context.traceName,
  }
  const entries = Object.entries(all).filter(
    ([key, value]) => !Object.hasOwn(fields, key) || fields[key] !== value,
  )
  return Object.fromEntries(
    entries.map(([key, value]) => [reservedKeys.has(key) ? `caller_${key}` : key, value]),
  )
}

/** Langfuse has a meaning of its own for these: what it adds to the metadata, and tools that it moves to the input. */
const reservedKeys = new Set(['attributes', 'scope', 'resourceAttributes', 'tools'])

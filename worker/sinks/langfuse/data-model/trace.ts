import type { Json, JsonObject } from '../../../../shared/json.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { type AgentFacts, agentName, type TraceGroup } from './trace-memory.ts'

/** Settings that shape every observation. */
export type LangfuseSettings = {
  readonly environment?: string | undefined
  readonly release?: string | undefined
  /** LANGFUSE_ENABLE_SPANS: also `agent_<key>` spans around generations. */
  readonly spans: boolean
  /** LANGFUSE_FILL_CALLER_TRACES: over OTLP a call under a caller's span is the root of what its trace shows. */
  readonly fillCallerTraces: boolean
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
}

export type AgentSpan = AgentFacts & { readonly name: string }

export function traceOf(record: InferenceRecord, group: TraceGroup, settings: LangfuseSettings): Trace {
  const { context } = record
  return {
    name: group.name,
    userId: context.userId,
    sessionId: context.sessionId ?? context.threadId,
    tags: group.tags,
    metadata: callerMetadata(record),
    environment: context.environment ?? settings.environment,
    release: settings.release,
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

/** The caller's metadata, without what only repeats a field. */
function callerMetadata({ context }: InferenceRecord): JsonObject {
  const fields: Readonly<Record<string, Json | undefined>> = {
    thread_id: context.threadId,
    session_id: context.sessionId,
    user_id: context.userId,
    agent_key: context.agentKey,
    trace_name: context.traceName,
  }
  const entries = Object.entries(context.metadata).filter(
    ([key, value]) => !Object.hasOwn(fields, key) || fields[key] !== value,
  )
  return Object.fromEntries(
    entries.map(([key, value]) => [reservedKeys.has(key) ? `caller_${key}` : key, value]),
  )
}

/** Langfuse has a meaning of its own for these: what it adds to the metadata, and tools that it moves to the input. */
const reservedKeys = new Set(['attributes', 'scope', 'resourceAttributes', 'tools'])

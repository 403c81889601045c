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

/** The span of an agent that travels with a call. */
export type AgentSpan = AgentFacts & {
  readonly name: string
  readonly parentSpanId: string | undefined
  readonly input: Json | undefined
}

export function traceOf(record: InferenceRecord, group: TraceGroup, settings: LangfuseSettings): Trace {
  const { context } = record
  const { fields, rest } = readCallerFields(context.metadata, settings.callerFields)
  return {
    name: group.name,
    userId: context.userId,
    sessionId: context.sessionId ?? context.threadId ?? conversationOf(record),
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
export function stableName({ context, run }: InferenceRecord, callName: string): string | undefined {
  // The agent that the run began with names its trace, in another record.
  if (run?.root !== undefined) return undefined
  return context.sources?.traceId === undefined ? callName : 'calls'
}

/** The turns of a conversation are a session. A trace that its caller named may have a session that nobody told us. */
const conversationOf = ({ link, run }: InferenceRecord): string | undefined =>
  link?.kind === 'explicit' ? undefined : run?.conversationId

/**
 * @param input of the call: also that of an agent whose calls are in a trace that the caller named
 * @returns the spans around the calls of agents that travel with this one; none with spans off
 */
export function agentsOf(
  record: InferenceRecord,
  { agent, runAgents }: TraceGroup,
  { spans }: LangfuseSettings,
  input: Json | undefined,
): readonly AgentSpan[] {
  if (!spans) return []
  const name = agentName(record)
  if (agent === undefined || name === undefined) return runAgents
  return [{ ...agent, name, parentSpanId: record.trace.parentSpanId, input }]
}

/** @returns the span that a call is in: its agent's, else the caller's */
export function parentOf(
  { trace, run }: InferenceRecord,
  { agent }: TraceGroup,
  { spans }: LangfuseSettings,
): string | undefined {
  return (spans ? (run?.agent?.spanId ?? agent?.id) : undefined) ?? trace.parentSpanId
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
  return Object.fromEntries(entries.map(([key, value]) => [isReserved(key) ? `caller_${key}` : key, value]))
}

/**
 * Langfuse has a meaning of its own for these: what it adds to the metadata, and tools that it moves to the input. By
 * `scope.name` and `attributes.operation.name` its page chooses how it reads a chat.
 */
const reservedKeys = new Set(['attributes', 'scope', 'resourceAttributes', 'tools'])

const isReserved = (key: string): boolean => reservedKeys.has(key.split('.', 1)[0] ?? key)

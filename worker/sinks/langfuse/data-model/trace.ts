import type { Json, JsonObject } from '../../../../shared/json.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'

/** Settings that shape every observation. */
export type LangfuseSettings = {
  readonly environment?: string | undefined
  readonly release?: string | undefined
  /** LANGFUSE_ENABLE_SPANS: also `agent_<key>` spans around generations. */
  readonly spans: boolean
}

/** A trace in Langfuse's terms. */
export type Trace = {
  readonly name: string | undefined
  readonly userId: string | undefined
  readonly sessionId: string | undefined
  readonly tags: readonly string[]
  readonly metadata: JsonObject
  readonly environment: string | undefined
  readonly release: string | undefined
}

export type AgentSpan = { readonly id: string; readonly name: string }

export function traceOf(record: InferenceRecord, settings: LangfuseSettings): Trace {
  const { context } = record
  return {
    name: context.traceName,
    userId: context.userId,
    sessionId: context.sessionId ?? context.threadId,
    tags: context.tags,
    metadata: callerMetadata(record),
    environment: context.environment ?? settings.environment,
    release: settings.release,
  }
}

/** @returns the span `agent_<key>` around the call; undefined without one, or with spans off */
export function agentOf(
  { trace, context }: InferenceRecord,
  { spans }: LangfuseSettings,
): AgentSpan | undefined {
  if (!spans || trace.agentSpanId === undefined || context.agentKey === undefined) return undefined
  return { id: trace.agentSpanId, name: `agent_${context.agentKey}` }
}

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
  return Object.fromEntries(entries)
}

import type { Json, JsonObject } from '../../../../shared/json.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'

/** Settings that shape every observation. */
export type LangfuseContext = {
  readonly environment?: string | undefined
  readonly release?: string | undefined
  /** LANGFUSE_ENABLE_SPANS: also `agent_<key>` spans around generations. */
  readonly spans: boolean
}

/** What Langfuse knows of a trace. */
export type Trace = {
  readonly name: string | undefined
  readonly userId: string | undefined
  readonly sessionId: string | undefined
  readonly tags: readonly string[]
  readonly metadata: JsonObject
  readonly environment: string | undefined
  readonly release: string | undefined
}

/** What a record tells of its trace. */
export function traceOf(record: InferenceRecord, settings: LangfuseContext): Trace {
  const { context } = record
  return {
    name: context.traceName,
    userId: context.userId,
    sessionId: context.sessionId ?? context.threadId,
    tags: context.tags,
    metadata: metadataOf(record),
    // The environment that the caller named, or the pod's.
    environment: context.environment ?? settings.environment,
    release: settings.release,
  }
}

/** The span `agent_<key>` around a record, where it has one. */
export function agentOf(
  { trace, context }: InferenceRecord,
  { spans }: LangfuseContext,
): { readonly id: string; readonly name: string } | undefined {
  if (!spans || trace.agentSpanId === undefined || context.agentKey === undefined) return undefined
  return { id: trace.agentSpanId, name: `agent_${context.agentKey}` }
}

/** The caller's metadata, without what stands in a field of its own already. */
function metadataOf({ context }: InferenceRecord): JsonObject {
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

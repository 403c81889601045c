import type { TextField } from './fields.ts'

/** The path of a value in a request body, and what the value means. */
export type BodyName = readonly [path: string, meaning: TextField | 'tags' | 'metadata']

/**
 * The highest precedence first. Other members of `metadata`, and of the other objects that mean metadata, are
 * kept as metadata, except for `configurable`: it may hold any state of LangGraph.
 */
export const bodyNames: readonly BodyName[] = [
  ['metadata.configurable.thread_id', 'threadId'],
  ['metadata.thread_id', 'threadId'],
  ['metadata.session_id', 'sessionId'],
  ['metadata.langfuse_session_id', 'sessionId'],
  ['session_id', 'sessionId'],
  ['tensorzero::episode_id', 'sessionId'],
  ['metadata.user_id', 'userId'],
  ['metadata.langfuse_user_id', 'userId'],
  ['metadata.trace_user_id', 'userId'],
  ['user', 'userId'],
  ['safety_identifier', 'userId'],
  ['metadata.agent_key', 'agentKey'],
  ['metadata.trace_id', 'traceId'],
  ['metadata.langfuse_trace_id', 'traceId'],
  ['trace.trace_id', 'traceId'],
  ['metadata.parent_observation_id', 'parentSpanId'],
  ['trace.parent_span_id', 'parentSpanId'],
  ['metadata.trace_name', 'traceName'],
  ['trace.trace_name', 'traceName'],
  ['metadata.generation_name', 'spanName'],
  ['trace.generation_name', 'spanName'],
  ['trace.span_name', 'spanName'],
  ['metadata.tags', 'tags'],
  ['metadata.langfuse_tags', 'tags'],
  ['metadata', 'metadata'],
  ['trace', 'metadata'],
  ['tensorzero::tags', 'metadata'],
]

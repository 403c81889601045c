import type { TextField } from './fields.ts'

/** Where in a request's body a value stands, and what it means. */
export type BodyName = readonly [path: string, meaning: TextField | 'tags' | 'metadata']

/**
 * Of each field the first that is there counts. What is left of `metadata` and of the other objects that
 * mean metadata is kept; `configurable`, which may hold anything of LangGraph's, is not.
 */
export const bodyNames: readonly BodyName[] = [
  ['metadata.configurable.thread_id', 'threadId'],
  ['metadata.thread_id', 'threadId'],
  ['metadata.session_id', 'sessionId'],
  ['metadata.langfuse_session_id', 'sessionId'],
  ['session_id', 'sessionId'],
  ['tensorzero::episode_id', 'sessionId'],
  ['conversation.id', 'sessionId'],
  ['conversation', 'sessionId'],
  ['previous_response_id', 'sessionId'],
  ['prompt_cache_key', 'sessionId'],
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

import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { Said } from './context.ts'

/** Keys of `metadata` that say whose call it is; the rest stays metadata. */
const meaningful = new Set([
  'thread_id',
  'session_id',
  'user_id',
  'agent_key',
  'trace_id',
  'trace_name',
  'tags',
])

/**
 * What the request body says of a call: `metadata.*` (`configurable.thread_id` before `thread_id`), then
 * OpenAI's own fields.
 */
export function readBodyContext(body: Json | undefined): Said {
  if (!isJsonObject(body)) return {}
  const metadata = isJsonObject(body.metadata) ? body.metadata : {}
  const configurable = isJsonObject(metadata.configurable) ? metadata.configurable : {}
  const said: Record<keyof Said, unknown> = {
    threadId: text(configurable.thread_id) ?? text(metadata.thread_id),
    sessionId:
      text(metadata.session_id) ??
      conversationId(body.conversation) ??
      text(body.previous_response_id) ??
      text(body.prompt_cache_key),
    userId: text(metadata.user_id) ?? text(body.user) ?? text(body.safety_identifier),
    agentKey: text(metadata.agent_key),
    traceId: text(metadata.trace_id),
    traceName: text(metadata.trace_name),
    tags: tagList(metadata.tags),
    metadata: rest(metadata),
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Said
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** An id, or an object that has one. */
function conversationId(value: Json | undefined): string | undefined {
  return isJsonObject(value) ? text(value.id) : text(value)
}

function tagList(value: Json | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return value.split(',').map((tag) => tag.trim())
  if (!Array.isArray(value)) return undefined
  return value.filter((tag): tag is string => typeof tag === 'string')
}

function rest(metadata: JsonObject): JsonObject | undefined {
  const entries = Object.entries(metadata).filter(([key]) => !meaningful.has(key) && key !== 'configurable')
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}

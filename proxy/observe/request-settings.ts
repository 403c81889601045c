import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import type { Capture } from './capture/capture.ts'
import { truncate } from './capture/truncate.ts'

/** Settings that are lists or objects. An allow-list, because everything else may be content or secret. */
const settings = [
  ...['stop', 'logit_bias', 'modalities', 'prediction', 'web_search_options', 'include', 'tool_choice'],
  ...['response_format', 'reasoning', 'thinking', 'audio', 'stream_options', 'context_management'],
  // OpenRouter, xAI, vLLM and Qwen.
  ...['provider', 'models', 'plugins', 'transforms', 'search_parameters', 'chat_template_kwargs'],
] as const

/** What is kept of each: more than a large schema takes. */
const maxBytes = 32_768

/** Fields of settings that hold what was written for the model. */
const contentFields: ReadonlySet<string> = new Set([
  ...['content', 'schema', 'description', 'definition', 'user_location', 'chat_template_kwargs'],
])

/** Settings of which these fields say everything; they are recorded as scalars. */
const flatFields: Readonly<Record<string, string>> = {
  response_format: 'type',
  tool_choice: 'type',
  reasoning: 'effort',
}

/**
 * The settings of a request that shape its answer and are more than a scalar, in full. `text.format` of the Responses API
 * is recorded as `response_format`.
 * @param content where it is not `full`, fields that hold content are left out
 */
export function requestSettings(body: JsonObject, content: Capture['content']): JsonObject {
  const found: Record<string, Json> = {}
  for (const name of settings) {
    const value = name === 'response_format' ? (body[name] ?? textFormat(body.text)) : body[name]
    if (typeof value !== 'object' || value === null || isFlat(name, value)) continue
    if (content !== 'full' && contentFields.has(name)) continue
    found[name] = truncate(content === 'full' ? value : withoutContent(value), maxBytes)
  }
  return found
}

const textFormat = (text: Json | undefined): Json | undefined =>
  isJsonObject(text) ? text.format : undefined

function isFlat(name: string, value: Json): boolean {
  const field = flatFields[name]
  if (field === undefined || !isJsonObject(value)) return false
  const present = Object.keys(value).filter((key) => value[key] !== null && value[key] !== undefined)
  return (
    present.length === 0 || (present.length === 1 && present[0] === field && typeof value[field] === 'string')
  )
}

/** Deeper than any setting but a schema, which is content. */
const maxDepth = 8

function withoutContent(value: Json, depth = 0): Json {
  if (typeof value !== 'object' || value === null) return value
  if (depth === maxDepth) return null
  if (Array.isArray(value)) return value.map((entry: Json) => withoutContent(entry, depth + 1))
  const kept = Object.entries(value).filter(
    ([name, field]) => field !== undefined && !contentFields.has(name),
  )
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutContent(field ?? null, depth + 1)]))
}

import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'

const places = ['reasoning_content', 'reasoning', 'reasoning_details', 'thinking_blocks', 'thinking'] as const

/**
 * The reasoning in a delta or message. Routers send the same text up to three times, as `reasoning_content`,
 * `reasoning` and `reasoning_details`, or with Anthropic's `thinking_blocks` beside it (LiteLLM), so the first
 * place that has any is taken, and no other.
 * @returns an empty text where there is none; encrypted reasoning is none
 */
export function reasoningOf(message: JsonObject): string {
  for (const place of places) {
    const text = textsOf(message[place])
    if (text !== '') return text
  }
  return ''
}

/** Deeper than any list of texts seen. */
const maxDepth = 8

function textsOf(told: Json | undefined, depth = 0): string {
  if (typeof told === 'string') return told
  if (depth === maxDepth) return ''
  if (Array.isArray(told)) return told.map((part: Json) => textsOf(part, depth + 1)).join('')
  if (!isJsonObject(told)) return ''
  return textsOf(told.text ?? told.summary ?? told.content ?? told.thinking, depth + 1)
}

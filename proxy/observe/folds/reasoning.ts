import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'

const reasoningFields = [
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'thinking_blocks',
  'thinking',
] as const

/**
 * The reasoning in a delta or message. Routers send the same text up to three times, as `reasoning_content`,
 * `reasoning` and `reasoning_details`, or with Anthropic's `thinking_blocks` beside it (LiteLLM), so only the first
 * field that has any is read.
 * @returns an empty text where there is none; encrypted reasoning does not count
 */
export function reasoningOf(message: JsonObject): string {
  for (const field of reasoningFields) {
    const text = textIn(message[field])
    if (text !== '') return text
  }
  return ''
}

/** Deeper than any list of texts seen. */
const maxDepth = 8

function textIn(value: Json | undefined, depth = 0): string {
  if (typeof value === 'string') return value
  if (depth === maxDepth) return ''
  if (Array.isArray(value)) return value.map((part: Json) => textIn(part, depth + 1)).join('')
  if (!isJsonObject(value)) return ''
  return textIn(value.text ?? value.summary ?? value.content ?? value.thinking, depth + 1)
}

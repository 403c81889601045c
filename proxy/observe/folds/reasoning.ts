import { isJsonObject, type Json } from '../../../shared/json.ts'

/** Fields of a delta or message that hold reasoning, by precedence. */
export const reasoningFields = [
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'thinking_blocks',
  'thinking',
] as const

/** @returns the text of a reasoning field, empty where there is none; encrypted reasoning does not count */
export const reasoningText = (value: Json | undefined): string => textIn(value, 0)

/** Deeper than any list of texts seen. */
const maxDepth = 8

function textIn(value: Json | undefined, depth: number): string {
  if (typeof value === 'string') return value
  if (depth === maxDepth) return ''
  if (Array.isArray(value)) return value.map((part: Json) => textIn(part, depth + 1)).join('')
  if (!isJsonObject(value)) return ''
  return textIn(value.text ?? value.summary ?? value.content ?? value.thinking, depth + 1)
}

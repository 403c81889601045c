import { isJsonObject, type Json } from '../../../shared/json.ts'

/**
 * @param content a text, a part, or a list of them
 * @returns its texts; of a part that is none, its type
 */
export function contentTexts(content: Json | undefined): string[] {
  if (content === undefined || content === null || content === '') return []
  if (typeof content === 'string') return [content]
  if (Array.isArray(content)) return content.flatMap((part: Json) => contentTexts(part))
  if (!isJsonObject(content)) return [String(content)]
  const text = content.text ?? content.refusal ?? content.transcript
  if (typeof text === 'string') return text === '' ? [] : [text]
  return typeof content.type === 'string' ? [`[${content.type}]`] : [JSON.stringify(content)]
}

/** @returns a text that is not empty; undefined for anything else */
export const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** @returns the list, or the one value as a list */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

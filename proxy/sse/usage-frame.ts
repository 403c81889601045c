import { isJsonObject, type Json } from '../../shared/json.ts'

/**
 * Keys that say something to a client, in one dialect or another. A frame with one of them passes through; whatever else
 * stands beside usage (ids, timings, cost, what vendors add) is about the call.
 */
const contentKeys: ReadonlySet<string> = new Set([
  'annotations',
  'citations',
  'content',
  'content_filter_results',
  'delta',
  'error',
  'images',
  'message',
  'output',
  'prompt_filter_results',
  'reasoning',
  'reasoning_content',
  'related_questions',
  'search_results',
  'text',
  'tool_calls',
  'web_search',
])

/** Keys of a usage frame as OpenAI and most others send it. */
const usualKeys: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created',
  'model',
  'usage',
  'system_fingerprint',
  'service_tier',
  'obfuscation',
  'provider',
  'timings',
])

/** True for a frame with usage and without a choice (`choices` is empty, null or missing) or anything else to read. */
export function isUsageFrame(frame: Json | undefined): boolean {
  if (!isJsonObject(frame) || !isJsonObject(frame.usage)) return false
  if (!isEmpty(frame.choices ?? null)) return false
  // Of a dialect that may say anything anywhere, only what is known to say nothing is cut.
  const isChunk = 'choices' in frame || chunkObject.test(String(frame.object))
  return Object.entries(frame).every(
    ([key, value]) => isEmpty(value) || (isChunk ? !contentKeys.has(key) : usualKeys.has(key)),
  )
}

const chunkObject = /^(chat\.completion|text_completion)/

const isEmpty = (value: Json | undefined): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0)

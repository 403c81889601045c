import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'

/**
 * Keys that say something to a client, in one dialect or another. A frame with one of them passes through; whatever else
 * stands beside usage (ids, timings, cost, what vendors add) is about the call.
 */
const contentKeys: ReadonlySet<string> = new Set([
  ...[
    'annotations',
    'citation',
    'citations',
    'documents',
    'references',
    'search_info',
    'search_results',
    'sources',
  ],
  ...[
    'answer',
    'completion',
    'content',
    'delta',
    'generated_text',
    'message',
    'output',
    'response',
    'result',
    'results',
    'text',
  ],
  ...['audio', 'image', 'images', 'transcript', 'video', 'videos'],
  ...[
    'content_filter_results',
    'guardrails',
    'moderation',
    'moderation_results',
    'prompt_filter_results',
    'refusal',
  ],
  ...['safety_ratings', 'warning', 'warnings'],
  ...['detail', 'error', 'error_code', 'error_message', 'error_msg', 'errors', 'msg'],
  ...['executed_tools', 'function_call', 'tool_calls', 'tool_results', 'web_search', 'web_search_results'],
  ...['reasoning', 'reasoning_content', 'thinking'],
  ...['followups', 'notice', 'related_questions', 'suggestions'],
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

/**
 * @param hasChoices whether an event of this stream before it had `choices`: what follows is of the same dialect
 * @returns whether it has usage, and neither a choice (`choices` is empty, null or missing) nor anything else to read
 */
export function isUsageFrame(frame: Json | undefined, hasChoices: boolean): boolean {
  if (!isJsonObject(frame) || !isEmpty(frame.choices)) return false
  if (!hasUsage(frame)) return false
  const isChunk = hasChoices || 'choices' in frame || chunkObject.test(String(frame.object))
  // Of a dialect that may say anything anywhere, only what is known to say nothing is cut.
  return isChunk
    ? Object.entries(frame).every(([key, value]) => isSilent(key, value, frame))
    : Object.entries(frame).every(([key, value]) => usualKeys.has(key) || isWordless(value))
}

const chunkObject = /^(chat\.completion|text_completion)/

/** True for a frame with usage of its own or, beside empty `choices`, in a vendor's object: `x_groq.usage`. */
function hasUsage(frame: JsonObject): boolean {
  if (isCount(frame.usage)) return true
  return (
    'choices' in frame && Object.values(frame).some((value) => isJsonObject(value) && isCount(value.usage))
  )
}

const isCount = (usage: Json | undefined): boolean =>
  isJsonObject(usage) || typeof usage === 'number' || (Array.isArray(usage) && usage.length > 0)

function isSilent(key: string, value: Json | undefined, frame: JsonObject): boolean {
  if (isEmpty(value)) return true
  // `{"code":0,"message":"Success"}` in every frame, and an error in the same place.
  if (key === 'code' || key === 'message' || key === 'msg')
    return isZero(frame.code) && typeof value !== 'object'
  if (key === 'base_resp') return isJsonObject(value) && isZero(value.status_code ?? 0)
  return !contentKeys.has(key)
}

const isZero = (code: Json | undefined): boolean => code === 0 || code === '0'

/** Numbers, flags, and objects of these. */
const isWordless = (value: Json | undefined): boolean =>
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  isEmpty(value) ||
  (isJsonObject(value) && Object.values(value).every(isWordless))

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0)

import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'

/**
 * The reasoning in a delta or message. Routers send the same text up to three times, as `reasoning_content`,
 * `reasoning` and `reasoning_details`, so the first place that has any is taken, and no other.
 * @returns an empty text where there is none; encrypted reasoning is none
 */
export function reasoningOf(message: JsonObject): string {
  return (
    textsOf(message.reasoning_content) || textsOf(message.reasoning) || textsOf(message.reasoning_details)
  )
}

function textsOf(told: Json | undefined): string {
  if (typeof told === 'string') return told
  if (Array.isArray(told)) return told.map(textsOf).join('')
  return isJsonObject(told) ? textsOf(told.text ?? told.summary ?? told.content) : ''
}

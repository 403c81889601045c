import { isJsonObject, type Json } from '../../../../shared/json.ts'

/** Finish reasons of answers that the provider withheld: OpenAI's, Azure's, Anthropic's, Gemini's. */
const withheld =
  /^(content_filter(ed)?|refusal|safety|recitation|blocklist|prohibited_content|spii|guardrail_intervened|sensitive)$/i

/**
 * What stands in the place of an answer that was withheld: nothing of it is text, and a message without content is not
 * shown at all.
 * @param details what the provider explains of it
 * @returns undefined for every other finish reason
 */
export function withheldNote(finishReason: string | undefined, details?: Json): string | undefined {
  if (finishReason === undefined || !withheld.test(finishReason)) return undefined
  const explanation = isJsonObject(details) ? details.explanation : undefined
  return typeof explanation === 'string' && explanation !== '' ? explanation : `[no answer: ${finishReason}]`
}

import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { documentsOf } from './answer-text.ts'

// What the provider counted, read from an answer's bytes without the folds, to compare the sinks with.

/**
 * @returns the tokens that the answer cost by the provider's own total, where it reports one; Gemini's gateways leave
 * the thinking out of it, and Anthropic's names what was read from a cache or written to it
 */
export function reportedTotal(body: string, model = ''): number {
  const usages = documentsOf(body)
    .flatMap((document) => usagesIn(document))
    .filter((usage) => Object.values(usage).some(number))
  const usage = isAnthropic(usages[0])
    ? (Object.assign({}, ...usages.map(counts)) as JsonObject)
    : (usages.at(-1) ?? {})
  const input = number(usage.prompt_tokens ?? usage.input_tokens) + outsideCached(usage)
  const output = number(usage.completion_tokens ?? usage.output_tokens)
  const sum = input + output
  const details = usage.completion_tokens_details ?? usage.output_tokens_details
  const reasoning = isJsonObject(details) ? number(details.reasoning_tokens) : 0
  if (usage.total_tokens === undefined || usage.total_tokens === null) return sum
  const isOutside = /gemini/i.test(model) && number(usage.total_tokens) === sum && reasoning > output
  return Math.max(number(usage.total_tokens), sum) + (isOutside ? reasoning : 0)
}

const cacheNames = ['cache_read_input_tokens', 'cache_creation_input_tokens']

const isAnthropic = (usage: JsonObject | undefined): boolean =>
  usage !== undefined && 'input_tokens' in usage && cacheNames.some((name) => name in usage)

const outsideCached = (usage: JsonObject): number =>
  isAnthropic(usage) ? cacheNames.reduce((sum, name) => sum + number(usage[name]), 0) : 0

/** Events of one message complete each other's counts; a later null does not. */
const counts = (usage: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null))

const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

function usagesIn(value: Json | undefined, depth = 0): readonly JsonObject[] {
  if (!isJsonObject(value) || depth > 2) return []
  const [choice] = Array.isArray(value.choices) ? (value.choices as readonly Json[]) : []
  return [
    ...[value.response, value.message, value.x_groq, choice].flatMap((one) => usagesIn(one, depth + 1)),
    ...(isJsonObject(value.usage) ? [value.usage] : []),
  ]
}

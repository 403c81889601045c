import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import type { TokenCounts, Usage } from '../../shared/record/usage.ts'
import { present } from './present.ts'

/**
 * Where each count stands, most trusted first. Seen in the answers of OpenAI (chat, Responses, audio), Azure,
 * OpenRouter, DeepSeek, Mistral, Groq, xAI, vLLM, Cohere, Together, Anthropic's compatible endpoint.
 */
const places = {
  input: ['prompt_tokens', 'input_tokens'],
  output: ['completion_tokens', 'output_tokens'],
  total: ['total_tokens'],
  cachedInput: [
    'prompt_tokens_details.cached_tokens',
    'input_tokens_details.cached_tokens',
    'prompt_cache_hit_tokens',
    'cache_read_input_tokens',
    'cached_tokens',
    'num_cached_tokens',
  ],
  cacheWrite: [
    'prompt_tokens_details.cache_write_tokens',
    'prompt_tokens_details.cache_creation_input_tokens',
    'prompt_tokens_details.cache_creation_tokens',
    'input_tokens_details.cache_write_tokens',
    'cache_creation_input_tokens',
  ],
  reasoning: [
    'completion_tokens_details.reasoning_tokens',
    'output_tokens_details.reasoning_tokens',
    'reasoning_tokens',
  ],
  audioInput: [
    'prompt_tokens_details.audio_tokens',
    'input_tokens_details.audio_tokens',
    'input_token_details.audio_tokens',
  ],
  audioOutput: [
    'completion_tokens_details.audio_tokens',
    'output_tokens_details.audio_tokens',
    'output_token_details.audio_tokens',
  ],
  imageInput: ['prompt_tokens_details.image_tokens', 'input_tokens_details.image_tokens'],
  imageOutput: ['completion_tokens_details.image_tokens', 'output_tokens_details.image_tokens'],
} as const

const paths = Object.entries(places).map(([name, list]) => ({
  name,
  list: list.map((path) => path.split('.')),
}))

/** xAI bills in ticks: an image of $0.02 costs 200,000,000. */
const ticksPerUsd = 10_000_000_000

/**
 * The provider's numbers, each as it said it. What is not a whole number of tokens is left out.
 * @param raw the usage object as the provider sent it
 */
export function readUsage(raw: JsonObject | undefined): Usage {
  if (raw === undefined) return { provenance: 'missing' }
  const counts: { -readonly [K in keyof typeof places]?: number } = {}
  for (const { name, list } of paths) {
    const count = firstCount(raw, list)
    if (count !== undefined) counts[name as keyof typeof places] = count
  }
  const tokens = present({ ...counts, cost: readCost(raw) })
  if (Object.keys(tokens).length === 0) return { provenance: 'missing' }
  return { provenance: 'provider', ...tokens, ...outsideOf(tokens, raw) }
}

/**
 * Which parts stand beside the count that otherwise contains them. Only the total gives that away, except for
 * Anthropic's own shape, which has no total.
 */
function outsideOf(
  { input, output, total, reasoning, audioInput }: TokenCounts,
  raw: JsonObject,
): Pick<TokenCounts, 'reasoningOutsideOutput' | 'audioOutsideInput' | 'cacheOutsideInput'> {
  if (input === undefined || output === undefined) return {}
  const beside = total === undefined ? undefined : total - input - output
  if (reasoning && beside === reasoning) return { reasoningOutsideOutput: true }
  if (audioInput && beside === audioInput) return { audioOutsideInput: true }
  const isAnthropics = raw.input_tokens !== undefined && raw.cache_read_input_tokens !== undefined
  return total === undefined && isAnthropics ? { cacheOutsideInput: true } : {}
}

function firstCount(raw: JsonObject, list: readonly (readonly string[])[]): number | undefined {
  for (const path of list) {
    const value = at(raw, path)
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  }
  return undefined
}

function at(raw: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = raw
  for (const key of path) value = isJsonObject(value) ? value[key] : undefined
  return value
}

function readCost(raw: JsonObject): number | undefined {
  if (isAmount(raw.cost)) return raw.cost
  if (isAmount(raw.total_cost)) return raw.total_cost
  return isAmount(raw.cost_in_usd_ticks) ? raw.cost_in_usd_ticks / ticksPerUsd : undefined
}

const isAmount = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { TokenCounts, Usage } from '../../../shared/record/usage.ts'
import { readCost } from './cost.ts'

/**
 * The paths of each count, by precedence. Seen in responses of OpenAI (chat, Responses, audio), Azure,
 * OpenRouter, DeepSeek, Mistral, Groq, xAI, vLLM, Cohere, Together, Perplexity, Anthropic's compatible endpoint.
 */
const countPaths = {
  input: ['prompt_tokens', 'input_tokens', 'tokens.input_tokens'],
  output: ['completion_tokens', 'output_tokens', 'tokens.output_tokens'],
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
  cacheWrite5m: ['cache_creation.ephemeral_5m_input_tokens'],
  cacheWrite1h: ['cache_creation.ephemeral_1h_input_tokens'],
  reasoning: [
    'completion_tokens_details.reasoning_tokens',
    'output_tokens_details.reasoning_tokens',
    'output_tokens_details.thinking_tokens',
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

const splitPaths = Object.entries(countPaths).map(([name, list]) => ({
  name,
  list: list.map((path) => path.split('.')),
}))

/**
 * The counts that the provider reports, unchanged. Values that are not a whole number of tokens are dropped.
 * @param raw the usage object as the provider sent it
 * @param model the model that the response names
 */
export function readUsage(raw: JsonObject | undefined, model = ''): Usage {
  if (raw === undefined) return { provenance: 'missing' }
  const counts: { -readonly [K in keyof typeof countPaths]?: number } = {}
  for (const { name, list } of splitPaths) {
    const count = firstCount(raw, list)
    if (count !== undefined) counts[name as keyof typeof countPaths] = count
  }
  const tokens = omitUndefined({ ...counts, cost: readCost(raw) })
  if (Object.keys(tokens).length === 0) return { provenance: 'missing' }
  return { provenance: 'provider', ...tokens, ...exclusiveCounts(tokens, raw, model) }
}

type ExclusiveCounts = Pick<
  TokenCounts,
  'reasoningOutsideOutput' | 'reasoningInTotalOnly' | 'audioOutsideInput' | 'cacheOutsideInput'
>

/**
 * Which counts are not included in the one that normally contains them: those that make up the difference between
 * the total and the sum, and those that exceed the whole. Gemini's thinking is reported in the total only
 * (https://github.com/mozilla-ai/any-llm/issues/1290).
 */
function exclusiveCounts(tokens: TokenCounts, raw: JsonObject, model: string): ExclusiveCounts {
  const { input, output, total, reasoning = 0, audioInput = 0, cachedInput = 0, cacheWrite = 0 } = tokens
  if (input === undefined || output === undefined) return {}
  const excess = total === undefined ? 0 : total - input - output
  const isOutside = (part: number, whole: number) => part > 0 && (part === excess || part > whole)
  if (isOutside(reasoning, output)) return { reasoningOutsideOutput: true }
  if (isOutside(audioInput, input)) return { audioOutsideInput: true }
  // Tokens read from a cache may be written to it again, so their sum may exceed an input that includes both.
  const cache = cachedInput + cacheWrite
  const isCacheOutside = (cache > 0 && cache === excess) || Math.max(cachedInput, cacheWrite) > input
  if (isCacheOutside || isAnthropicShape(raw)) return { cacheOutsideInput: true }
  return excess > 0 && reasoning === 0 && /gemini/i.test(model) ? { reasoningInTotalOnly: true } : {}
}

/** Anthropic's own shape, which has no total. */
const isAnthropicShape = (raw: JsonObject): boolean =>
  raw.input_tokens !== undefined &&
  raw.cache_read_input_tokens !== undefined &&
  raw.total_tokens === undefined

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

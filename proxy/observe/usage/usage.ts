import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
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
 * The counts that the provider reports, unchanged. Values that are not a whole number of tokens are dropped, and so is
 * half a usage: it would be taken for all, and nobody would estimate the other half.
 * @param raw the usage object as the provider sent it
 * @param model the model that the response names
 * @param generates true where the response has output tokens
 */
export function readUsage(raw: JsonObject | undefined, model = '', generates = false): Usage {
  if (raw === undefined) return { provenance: 'missing' }
  const counts: { -readonly [K in keyof typeof countPaths]?: number } = {}
  for (const { name, list } of splitPaths) {
    const count = firstCount(raw, list)
    if (count !== undefined) counts[name as keyof typeof countPaths] = count
  }
  const cost = readCost(raw)
  const tokens: { -readonly [K in keyof TokenCounts]: TokenCounts[K] } = isHalf(counts, generates)
    ? {}
    : counts
  if (cost !== undefined) tokens.cost = cost
  if (Object.keys(tokens).length === 0) return { provenance: 'missing' }
  return { provenance: 'provider', ...tokens, ...exclusiveCounts(tokens, raw, model) }
}

/** Without a total, output alone is half, and so is input alone where there must be output. */
function isHalf({ input, output, total }: TokenCounts, generates: boolean): boolean {
  if (total !== undefined || (input === undefined) === (output === undefined)) return false
  return input === undefined || generates
}

type ExclusiveCounts = Pick<
  TokenCounts,
  'reasoningOutsideOutput' | 'reasoningInTotalOnly' | 'audioOutsideInput' | 'cacheOutsideInput'
>

/**
 * Which counts are not included in the one that normally contains them. Where the total exceeds the sum of input and
 * output, it tells: those parts are outside that make up the difference. Where it does not, a part that exceeds its
 * whole is clamped by the sinks, because a total is billed and never exceeded, but for the dialects that are known to
 * count outside of their total.
 */
function exclusiveCounts(tokens: TokenCounts, raw: JsonObject, model: string): ExclusiveCounts {
  const { input, output, total } = tokens
  if (input === undefined || output === undefined) return {}
  const excess = total === undefined ? 0 : total - input - output
  return excess > 0
    ? outsideByTotal(tokens, excess, model)
    : outsideByDialect(tokens, { input, output }, raw, model)
}

/** The sets of parts that can make up an excess, by precedence. */
const partSets: readonly ExclusiveCounts[] = [
  { reasoningOutsideOutput: true },
  { audioOutsideInput: true },
  { cacheOutsideInput: true },
  { reasoningOutsideOutput: true, cacheOutsideInput: true },
  { reasoningOutsideOutput: true, audioOutsideInput: true },
  { audioOutsideInput: true, cacheOutsideInput: true },
]

function outsideByTotal(tokens: TokenCounts, excess: number, model: string): ExclusiveCounts {
  const { input = 0, output = 0, reasoning = 0, audioInput = 0, cachedInput = 0, cacheWrite = 0 } = tokens
  const sizeOf = (parts: ExclusiveCounts) =>
    (parts.reasoningOutsideOutput ? reasoning : 0) +
    (parts.audioOutsideInput ? audioInput : 0) +
    (parts.cacheOutsideInput ? cachedInput + cacheWrite : 0)
  const exact = partSets.find((parts) => sizeOf(parts) === excess)
  if (exact !== undefined) return exact
  // What exceeds its whole is not part of it, where the total has room for it.
  const cache = cachedInput + cacheWrite
  if (reasoning > output && reasoning < excess) return { reasoningOutsideOutput: true }
  if (audioInput > input && audioInput < excess) return { audioOutsideInput: true }
  if (cache > input && cache < excess) return { cacheOutsideInput: true }
  // Gemini's thinking may be reported in the total only (https://github.com/mozilla-ai/any-llm/issues/1290).
  return reasoning === 0 && isGemini(model) ? { reasoningInTotalOnly: true } : {}
}

function outsideByDialect(
  { cachedInput = 0, cacheWrite = 0, reasoning = 0 }: TokenCounts,
  { input, output }: { readonly input: number; readonly output: number },
  raw: JsonObject,
  model: string,
): ExclusiveCounts {
  // Tokens read from a cache may be written to it again, so their sum may exceed an input that includes both.
  const isMoreThanInput = Math.max(cachedInput, cacheWrite) > input
  if (isAnthropicShape(raw) || (isMoreThanInput && hasAnthropicNames(raw))) return { cacheOutsideInput: true }
  return reasoning > output && (isGemini(model) || isDeepResearch(model))
    ? { reasoningOutsideOutput: true }
    : {}
}

/** Gateways add up the total without the thinking. */
const isGemini = (model: string): boolean => /gemini/i.test(model)

/** Bills the reasoning of its research on its own (https://openrouter.ai/perplexity/sonar-deep-research). */
const isDeepResearch = (model: string): boolean => model.includes('sonar-deep-research')

const hasAnthropicNames = (raw: JsonObject): boolean =>
  typeof raw.cache_read_input_tokens === 'number' || typeof raw.cache_creation_input_tokens === 'number'

/** Anthropic's own shape, which has no total. */
const isAnthropicShape = (raw: JsonObject): boolean =>
  typeof raw.input_tokens === 'number' && raw.total_tokens === undefined && hasAnthropicNames(raw)

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

import type { Ending, InferenceRecord, Operation } from '../../../../shared/record/record.ts'
import type { TokenCounts } from '../../../../shared/record/usage.ts'
import { inclusiveUsage, tokenCount } from '../../inclusive-usage.ts'

/** Token counts under Langfuse's names. Integers: it silently drops anything else. */
export type UsageDetails = Readonly<Record<string, number>>

/**
 * Usage as disjoint parts, because Langfuse adds up and charges every key beside `total`. A failed call
 * without usage reports zero: Langfuse estimates missing usage itself, and charges for it (both measured).
 *
 * The names are those that Langfuse has prices for: `output_reasoning` has one for OpenAI's and for Gemini's
 * models, `output_reasoning_tokens` for OpenAI's alone, and a name without a price costs nothing
 * (worker/src/constants/default-model-prices.json in langfuse/langfuse).
 * @returns undefined for a successful call whose usage is unknown
 */
export function usageDetails({ usage, ending, operation }: InferenceRecord): UsageDetails | undefined {
  return (usage.provenance === 'missing' ? undefined : disjoint(usage, operation)) ?? unknownUsage(ending)
}

/** @returns what the provider billed, in USD; takes precedence over Langfuse's price list */
export function costDetails({ usage }: InferenceRecord): { readonly total: number } | undefined {
  if (usage.provenance !== 'provider' || usage.cost === undefined || !(usage.cost >= 0)) return undefined
  return { total: usage.cost }
}

/** The older API's three numbers, inclusive of the sub-counts. */
export function plainUsage({ usage, ending, operation }: InferenceRecord): UsageDetails | undefined {
  return (usage.provenance === 'missing' ? undefined : totals(usage, operation)) ?? unknownUsage(ending)
}

const unknownUsage = (ending: Ending): UsageDetails | undefined =>
  ending === 'completed' ? undefined : { input: 0, output: 0, total: 0 }

function totals(usage: TokenCounts, operation: Operation): UsageDetails | undefined {
  const { input, output, total } = inclusiveUsage(usage, operation)
  if (input === undefined && output === undefined) return total === undefined ? undefined : { total }
  const parts = { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) }
  return { ...parts, total: totalOf(parts, total) }
}

function disjoint(usage: TokenCounts, operation: Operation): UsageDetails | undefined {
  const { input, output, total, reasoning } = inclusiveUsage(usage, operation)
  const parts = {
    ...split('input', input, {
      input_cached_tokens: usage.cachedInput,
      ...cacheWrites(usage),
      input_audio_tokens: usage.audioInput,
      input_image_tokens: usage.imageInput,
    }),
    ...split('output', output, {
      // There is no price of its own for Claude's thinking: split off, it would cost nothing.
      output_reasoning: operation === 'messages' ? undefined : reasoning,
      output_audio_tokens: usage.audioOutput,
      output_image_tokens: usage.imageOutput,
    }),
  }
  if (Object.keys(parts).length === 0) return total === undefined ? undefined : { total }
  return { ...parts, total: totalOf(parts, total) }
}

/** Each lifetime has its own price; what is of none of them is charged as written for 5 minutes. */
function cacheWrites({ cacheWrite, cacheWrite5m, cacheWrite1h }: TokenCounts) {
  if (cacheWrite5m === undefined && cacheWrite1h === undefined) return { input_cache_creation: cacheWrite }
  const rest = (cacheWrite ?? 0) - (cacheWrite5m ?? 0) - (cacheWrite1h ?? 0)
  return {
    input_cache_creation_5m: cacheWrite5m,
    input_cache_creation_1h: cacheWrite1h,
    input_cache_creation: rest > 0 ? rest : undefined,
  }
}

/** The provider's total, unless it is less than its parts: some leave out what they count separately. */
function totalOf(parts: UsageDetails, reported = 0): number {
  const sum = Object.values(parts).reduce((total, count) => total + count, 0)
  return Math.max(reported, sum)
}

/**
 * Subtracts the sub-counts from the whole. They may overlap (cached audio), so each takes at most what
 * remains, and the parts never add up to more than the whole.
 */
function split(
  name: string,
  whole: number | undefined,
  subCounts: Readonly<Record<string, number | undefined>>,
): Record<string, number> {
  const parts: Record<string, number> = {}
  let remaining = whole ?? Number.POSITIVE_INFINITY
  for (const [part, subCount] of Object.entries(subCounts)) {
    const count = tokenCount(subCount)
    if (count === undefined) continue
    parts[part] = Math.min(count, remaining)
    remaining -= parts[part]
  }
  return whole === undefined ? parts : { [name]: remaining, ...parts }
}

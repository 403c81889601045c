import type { Ending, InferenceRecord, Operation } from '../../../../shared/record/record.ts'
import type { TokenCounts } from '../../../../shared/record/usage.ts'
import { integer, wholeUsage } from '../../inclusive-usage.ts'

/** Token counts under Langfuse's names. Integers: it drops anything else without a word. */
export type UsageDetails = Readonly<Record<string, number>>

/**
 * Under names that Langfuse has prices for: it knows `output_reasoning` for OpenAI's and for Gemini's models,
 * `output_reasoning_tokens` for OpenAI's alone, and what has no price is charged at nothing
 * (worker/src/constants/default-model-prices.json in langfuse/langfuse).
 *
 * Usage as disjoint parts, because Langfuse adds up and charges every key beside `total`. A call that failed
 * without usage says zero: of a missing usage Langfuse makes its own, and charges for it (both measured).
 * @returns undefined where nothing is known of a call that went well
 */
export function usageDetails({ usage, ending, operation }: InferenceRecord): UsageDetails | undefined {
  return (usage.provenance === 'missing' ? undefined : disjoint(usage, operation)) ?? unknownUsage(ending)
}

/** @returns what the provider itself billed, in USD; it goes before Langfuse's price list */
export function costDetails({ usage }: InferenceRecord): { readonly total: number } | undefined {
  if (usage.provenance !== 'provider' || usage.cost === undefined || !(usage.cost >= 0)) return undefined
  return { total: usage.cost }
}

/** The older API's three numbers, with the sub-counts inside. */
export function plainUsage({ usage, ending, operation }: InferenceRecord): UsageDetails | undefined {
  return (usage.provenance === 'missing' ? undefined : totals(usage, operation)) ?? unknownUsage(ending)
}

const unknownUsage = (ending: Ending): UsageDetails | undefined =>
  ending === 'completed' ? undefined : { input: 0, output: 0, total: 0 }

function totals(usage: TokenCounts, operation: Operation): UsageDetails | undefined {
  const { input, output, total } = wholeUsage(usage, operation)
  if (input === undefined && output === undefined) return total === undefined ? undefined : { total }
  const parts = { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) }
  return { ...parts, total: totalOf(parts, total) }
}

function disjoint(usage: TokenCounts, operation: Operation): UsageDetails | undefined {
  const { input, output, total, reasoning } = wholeUsage(usage, operation)
  const parts = {
    ...split('input', input, {
      input_cached_tokens: usage.cachedInput,
      input_cache_creation: usage.cacheWrite,
      input_audio_tokens: usage.audioInput,
      input_image_tokens: usage.imageInput,
    }),
    ...split('output', output, {
      output_reasoning: reasoning,
      output_audio_tokens: usage.audioOutput,
      output_image_tokens: usage.imageOutput,
    }),
  }
  if (Object.keys(parts).length === 0) return total === undefined ? undefined : { total }
  return { ...parts, total: totalOf(parts, total) }
}

/** The provider's total, unless it is less than its parts: some leave out what they count beside the rest. */
function totalOf(parts: UsageDetails, told = 0): number {
  const sum = Object.values(parts).reduce((all, count) => all + count, 0)
  return Math.max(told, sum)
}

/**
 * Takes the sub-counts out of the whole. They may overlap (audio that was cached), so each takes at most
 * what is left, and the parts never add up to more than the whole.
 */
function split(
  name: string,
  all: number | undefined,
  subCounts: Readonly<Record<string, number | undefined>>,
): Record<string, number> {
  const parts: Record<string, number> = {}
  let left = all ?? Number.POSITIVE_INFINITY
  for (const [part, given] of Object.entries(subCounts)) {
    const count = integer(given)
    if (count === undefined) continue
    parts[part] = Math.min(count, left)
    left -= parts[part]
  }
  return all === undefined ? parts : { [name]: left, ...parts }
}

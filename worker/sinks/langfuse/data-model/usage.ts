import { inclusiveUsage, shortCacheWrite, tokenCount } from '../../../../shared/record/inclusive-usage.ts'
import type { InferenceRecord, Operation } from '../../../../shared/record/record.ts'
import type { TokenCounts } from '../../../../shared/record/usage.ts'
import { type Part, type PricedParts, pricedParts } from './priced-parts.ts'

/** Token counts under Langfuse's names. Integers: it silently drops anything else. */
export type UsageDetails = Readonly<Record<string, number>>

/**
 * Usage as disjoint parts, because Langfuse adds up and charges every key beside `total`. A part is split off only where
 * its key has a price. A call of a model without usage reports zero: Langfuse would count the tokens of the texts itself,
 * and charge for them (measured).
 * @returns undefined where neither usage nor model is known
 */
export function usageDetails(record: InferenceRecord): UsageDetails | undefined {
  const { usage, operation } = record
  const parts = pricedParts(modelOf(record))
  const reported = usage.provenance === 'missing' ? undefined : disjoint(usage, operation, parts)
  return reported ?? unknownUsage(record)
}

/** @returns the parts that stay in input and output, because they have no price of their own */
export function includedTokens(record: InferenceRecord): UsageDetails | undefined {
  const { usage, operation } = record
  if (usage.provenance === 'missing') return undefined
  const priced = pricedParts(modelOf(record))
  const counts: Readonly<Record<Part, number | undefined>> = {
    ...usageParts(usage),
    reasoning: inclusiveUsage(usage, operation).reasoning,
  }
  const included = Object.entries(counts).flatMap(([part, count]) =>
    priced[part as Part] === undefined && tokenCount(count) ? [[partNames[part as Part], count]] : [],
  )
  return included.length === 0 ? undefined : Object.fromEntries(included)
}

const partNames: Readonly<Record<Part, string>> = {
  cachedInput: 'cached_input',
  cacheWrite: 'cache_write',
  cacheWrite1h: 'cache_write_1h',
  audioInput: 'audio_input',
  imageInput: 'image_input',
  reasoning: 'reasoning',
  audioOutput: 'audio_output',
  imageOutput: 'image_output',
}

/** @returns what the provider billed, in USD; takes precedence over Langfuse's price list */
export function costDetails({ usage }: InferenceRecord): { readonly total: number } | undefined {
  if (usage.provenance !== 'provider' || usage.cost === undefined || !(usage.cost >= 0)) return undefined
  return { total: usage.cost }
}

/** The older API's three numbers, inclusive of the sub-counts. */
export function plainUsage(record: InferenceRecord): UsageDetails | undefined {
  const { usage, operation } = record
  return (usage.provenance === 'missing' ? undefined : totals(usage, operation)) ?? unknownUsage(record)
}

const unknownUsage = (record: InferenceRecord): UsageDetails | undefined =>
  modelOf(record) === undefined ? undefined : { input: 0, output: 0, total: 0 }

const modelOf = ({ request, response }: InferenceRecord): string | undefined =>
  response.model ?? request.model

function totals(usage: TokenCounts, operation: Operation): UsageDetails | undefined {
  const { input, output, total } = inclusiveUsage(usage, operation)
  if (input === undefined && output === undefined) return total === undefined ? undefined : { total }
  const parts = { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) }
  return { ...parts, total: totalOf(parts, total) }
}

function disjoint(usage: TokenCounts, operation: Operation, priced: PricedParts): UsageDetails | undefined {
  const { input, output, total, reasoning, ...clamped } = inclusiveUsage(usage, operation)
  const { cacheWrite, cacheWrite1h, audioInput, imageInput, audioOutput, imageOutput } = usageParts(usage)
  const { cachedInput } = clamped
  const parts = {
    ...split(priced.input ?? 'input', input, [
      [priced.cachedInput, cachedInput],
      [priced.cacheWrite1h, cacheWrite1h],
      [priced.cacheWrite, cacheWrite],
      [priced.audioInput, audioInput],
      [priced.imageInput, imageInput],
    ]),
    ...split(priced.output ?? 'output', output, [
      [priced.reasoning, reasoning],
      [priced.audioOutput, audioOutput],
      [priced.imageOutput, imageOutput],
    ]),
  }
  if (Object.keys(parts).length === 0) return total === undefined ? undefined : { total }
  return { ...parts, total: totalOf(parts, total) }
}

function usageParts(usage: TokenCounts): Omit<Record<Part, number | undefined>, 'reasoning'> {
  const { cachedInput, cacheWrite1h, audioInput, imageInput, audioOutput, imageOutput } = usage
  const cacheWrite = shortCacheWrite(usage)
  return { cachedInput, cacheWrite, cacheWrite1h, audioInput, imageInput, audioOutput, imageOutput }
}

/** The provider's total, unless it is less than its parts: some leave out what they count separately. */
function totalOf(parts: UsageDetails, reported = 0): number {
  const sum = Object.values(parts).reduce((total, count) => total + count, 0)
  return Math.max(reported, sum)
}

/**
 * Subtracts the parts that have a key from the whole. They may overlap (cached audio), so each takes at most what
 * remains, and the parts never add up to more than the whole.
 */
function split(
  wholeKey: string,
  whole: number | undefined,
  subCounts: readonly (readonly [key: string | undefined, count: number | undefined])[],
): Record<string, number> {
  const parts: Record<string, number> = {}
  let remaining = whole ?? Number.POSITIVE_INFINITY
  for (const [key, subCount] of subCounts) {
    const count = Math.min(tokenCount(subCount) ?? 0, remaining)
    // A count of zero is a row on Langfuse's page, and nothing else.
    if (key === undefined || count === 0) continue
    parts[key] = count
    remaining -= count
  }
  return whole === undefined ? parts : { [wholeKey]: remaining, ...parts }
}

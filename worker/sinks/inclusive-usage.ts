import type { Operation } from '../../shared/record/record.ts'
import type { TokenCounts } from '../../shared/record/usage.ts'

export type WholeUsage = {
  readonly input: number | undefined
  readonly output: number | undefined
  readonly total: number | undefined
  /** Part of `output`. */
  readonly reasoning: number | undefined
}

/**
 * @returns input and output with every part in them, also those that the provider counts beside them; of
 * embeddings some providers tell the total alone, and all of it is input (Voyage)
 */
export function wholeUsage(usage: TokenCounts, operation: Operation): WholeUsage {
  const audio = usage.audioOutsideInput ? usage.audioInput : 0
  const cache = usage.cacheOutsideInput ? sum(usage.cachedInput, usage.cacheWrite) : 0
  const reasoning = usage.reasoningInTotalOnly ? overTheSum(usage) : integer(usage.reasoning)
  const isOutside = usage.reasoningOutsideOutput || usage.reasoningInTotalOnly
  return {
    input: withOutside(
      usage.input ?? (operation === 'embeddings' ? usage.total : undefined),
      sum(audio, cache),
    ),
    output: withOutside(usage.output, isOutside ? sum(reasoning) : 0),
    total: integer(usage.total),
    reasoning,
  }
}

const overTheSum = ({ input, output, total }: TokenCounts): number =>
  Math.max(sum(total) - sum(input) - sum(output), 0)

/** @returns undefined for what is no count of tokens */
export function integer(count: number | undefined): number | undefined {
  return count !== undefined && count >= 0 && Number.isFinite(count) ? Math.round(count) : undefined
}

const sum = (...counts: readonly (number | undefined)[]): number =>
  counts.reduce<number>((all, count) => all + (integer(count) ?? 0), 0)

const withOutside = (count: number | undefined, outside: number): number | undefined => {
  const inside = integer(count)
  return inside === undefined ? undefined : inside + outside
}

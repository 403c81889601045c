import type { Operation } from '../../shared/record/record.ts'
import type { TokenCounts } from '../../shared/record/usage.ts'

export type InclusiveUsage = {
  readonly input: number | undefined
  readonly output: number | undefined
  readonly total: number | undefined
  /** Part of `output`. */
  readonly reasoning: number | undefined
}

/**
 * @returns input and output including every part, also those that the provider counts separately. Some
 * providers report embeddings by their total alone, which is all input (Voyage)
 */
export function inclusiveUsage(usage: TokenCounts, operation: Operation): InclusiveUsage {
  const audio = usage.audioOutsideInput ? usage.audioInput : 0
  const cache = usage.cacheOutsideInput ? sum(usage.cachedInput, cacheWriteOf(usage)) : 0
  const reasoning = usage.reasoningInTotalOnly ? unexplained(usage) : tokenCount(usage.reasoning)
  const isSeparate = usage.reasoningOutsideOutput || usage.reasoningInTotalOnly
  return {
    input: plusSeparate(
      usage.input ?? (operation === 'embeddings' ? usage.total : undefined),
      sum(audio, cache),
    ),
    output: plusSeparate(usage.output, isSeparate ? sum(reasoning) : 0),
    total: tokenCount(usage.total),
    reasoning,
  }
}

/** Some give the parts by lifetime alone, and in a stream these may lag behind the whole. */
const cacheWriteOf = ({ cacheWrite, cacheWrite5m, cacheWrite1h }: TokenCounts): number =>
  Math.max(sum(cacheWrite), sum(cacheWrite5m, cacheWrite1h))

/** What the total has beyond input and output. */
const unexplained = ({ input, output, total }: TokenCounts): number =>
  Math.max(sum(total) - sum(input) - sum(output), 0)

/** @returns a rounded count; undefined for anything negative or not finite */
export function tokenCount(count: number | undefined): number | undefined {
  return count !== undefined && count >= 0 && Number.isFinite(count) ? Math.round(count) : undefined
}

const sum = (...counts: readonly (number | undefined)[]): number =>
  counts.reduce<number>((total, count) => total + (tokenCount(count) ?? 0), 0)

const plusSeparate = (count: number | undefined, separate: number): number | undefined => {
  const included = tokenCount(count)
  return included === undefined ? undefined : included + separate
}

import type { Operation } from './record.ts'
import type { TokenCounts } from './usage.ts'

export type InclusiveUsage = {
  readonly input: number | undefined
  readonly output: number | undefined
  readonly total: number | undefined
  /** Part of `output`, and never more. */
  readonly reasoning: number | undefined
  /** Part of `input`, and never more. */
  readonly cachedInput: number | undefined
  /** Part of `input`, and never more. */
  readonly cacheWrite: number | undefined
}

/**
 * @returns input and output including every part, also those that the provider counts separately; a part that exceeds
 * the whole that it is part of is clamped. Where the provider reports a total and one of both, the other is what
 * remains of it; some report embeddings by their total alone, which is all input (Voyage)
 */
export function inclusiveUsage(usage: TokenCounts, operation: Operation): InclusiveUsage {
  const audio = usage.audioOutsideInput ? usage.audioInput : 0
  const cache = usage.cacheOutsideInput ? sum(usage.cachedInput, cacheWriteOf(usage)) : 0
  const reasoning = usage.reasoningInTotalOnly ? unexplained(usage) : tokenCount(usage.reasoning)
  const isSeparate = usage.reasoningOutsideOutput || usage.reasoningInTotalOnly
  const reportedInput = usage.input ?? (operation === 'embeddings' ? usage.total : undefined)
  const input = plusSeparate(reportedInput ?? remainder(usage, usage.output), sum(audio, cache))
  const output = plusSeparate(
    usage.output ?? (operation === 'embeddings' ? undefined : remainder(usage, usage.input)),
    isSeparate ? sum(reasoning) : 0,
  )
  return {
    input,
    output,
    total: tokenCount(usage.total),
    reasoning: atMost(output, reasoning),
    cachedInput: atMost(input, tokenCount(usage.cachedInput)),
    cacheWrite: atMost(input, tokenCount(usage.cacheWrite)),
  }
}

/** Some give the parts by lifetime alone, and in a stream these may lag behind the whole. */
const cacheWriteOf = ({ cacheWrite, cacheWrite5m, cacheWrite1h }: TokenCounts): number =>
  Math.max(sum(cacheWrite), sum(cacheWrite5m, cacheWrite1h))

/** The other half of a total. */
function remainder({ total }: TokenCounts, half: number | undefined): number | undefined {
  return total !== undefined && half !== undefined && total > half ? total - half : undefined
}

const atMost = (whole: number | undefined, part: number | undefined): number | undefined =>
  whole === undefined || part === undefined ? part : Math.min(whole, part)

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

/** Writes for an hour are reported within all writes to the cache. @returns the writes that live shorter */
export function shortCacheWrite(usage: TokenCounts): number | undefined {
  const { cacheWrite5m, cacheWrite1h = 0 } = usage
  const all = usage.cacheWrite ?? (cacheWrite5m === undefined ? undefined : cacheWrite5m + cacheWrite1h)
  return all === undefined ? undefined : Math.max(all - cacheWrite1h, 0)
}

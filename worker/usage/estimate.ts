import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Usage } from '../../shared/record/usage.ts'
import { sampleOf } from './sample.ts'
import { type TokenSource, tokenSources } from './token-sources.ts'

/**
 * Counts the tokens of lists of texts.
 * @returns one number per list; rejects where they cannot be counted in time
 */
export type CountTokens = (lists: readonly (readonly string[])[]) => Promise<readonly number[]>

/** The texts to count for one record, and its usage from their counts. */
type Plan = {
  readonly lists: readonly (readonly string[])[]
  readonly usageOf: (counts: readonly number[]) => Usage
}

/**
 * Estimates the usage of records that have none.
 * @returns a record for each, in order; those that need no estimate are the same objects
 */
export async function estimateUsage(
  records: readonly InferenceRecord[],
  countTokens: CountTokens,
): Promise<readonly InferenceRecord[]> {
  const plans = records.map(planFor)
  const lists = plans.flatMap((plan) => plan?.lists ?? [])
  if (lists.length === 0) return records
  const counts = [...(await countTokens(lists))]
  return records.map((record, index) => {
    const plan = plans[index]
    return plan === undefined
      ? record
      : { ...record, usage: plan.usageOf(counts.splice(0, plan.lists.length)) }
  })
}

function planFor(record: InferenceRecord): Plan | undefined {
  const sources = tokenSources(record)
  if (sources === undefined) return undefined
  const samples = [sources.input, sources.output]
    .filter((source) => source !== undefined)
    .map(({ texts }) => sampleOf(texts))
  const estimate = (counts: readonly number[], index: number, { tokens }: TokenSource): number =>
    tokens + Math.round((counts[index] ?? 0) / (samples[index]?.share ?? 1))
  return {
    lists: samples.map(({ chunks }) => chunks),
    usageOf(counts) {
      const input = estimate(counts, 0, sources.input)
      if (sources.output === undefined) return { provenance: 'estimated', input, total: input }
      const output = estimate(counts, 1, sources.output)
      if (record.usage.provenance !== 'missing') return { ...record.usage, provenance: 'estimated', output }
      return { provenance: 'estimated', input, output, total: input + output }
    },
  }
}

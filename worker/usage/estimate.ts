import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Usage } from '../../shared/record/usage.ts'
import { type Countable, uncountedCall } from './countable.ts'
import { sampleOf } from './sample.ts'

/**
 * Counts the tokens of lists of texts.
 * @returns one number per list; rejects where they cannot be counted in time
 */
export type CountTokens = (lists: readonly (readonly string[])[]) => Promise<readonly number[]>

/** How a record's usage is estimated: what is to be counted, and what to make of the counts. */
type Plan = {
  readonly lists: readonly (readonly string[])[]
  readonly usageOf: (counts: readonly number[]) => Usage
}

/**
 * Estimates the usage of records that came without any.
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
  return records.map((record, place) => {
    const plan = plans[place]
    return plan === undefined
      ? record
      : { ...record, usage: plan.usageOf(counts.splice(0, plan.lists.length)) }
  })
}

function planFor(record: InferenceRecord): Plan | undefined {
  const call = uncountedCall(record)
  if (call === undefined) return undefined
  const parts = [call.input, call.output].filter((part) => part !== undefined)
  const samples = parts.map(({ texts }) => sampleOf(texts))
  const whole = (counts: readonly number[], at: number, { tokens }: Countable): number =>
    tokens + Math.round((counts[at] ?? 0) / (samples[at]?.share ?? 1))
  return {
    lists: samples.map(({ pieces }) => pieces),
    usageOf(counts) {
      const input = whole(counts, 0, call.input)
      if (call.output === undefined) return { provenance: 'estimated', input, total: input }
      const output = whole(counts, 1, call.output)
      return { provenance: 'estimated', input, output, total: input + output }
    },
  }
}

import type { CallOutcome } from './calls.ts'

/** How long calls took while the fault lasted, beside the same calls without it. */
export type LatencyRatio = {
  readonly median: number
  readonly p99: number
}

/** @returns undefined where a run has no calls that went well in that phase */
export function compareLatency(
  faulty: readonly CallOutcome[],
  without: readonly CallOutcome[],
): LatencyRatio | undefined {
  const [withFault, plain] = [timesOf(faulty), timesOf(without)]
  if (withFault.length === 0 || plain.length === 0) return undefined
  const ratio = (rank: number): number => at(withFault, rank) / at(plain, rank)
  return { median: ratio(0.5), p99: ratio(0.99) }
}

const timesOf = (outcomes: readonly CallOutcome[]): readonly number[] =>
  outcomes
    .filter(({ phase, difference }) => phase === 'during' && difference === undefined)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b)

const at = (sorted: readonly number[], rank: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * rank))] ?? 0

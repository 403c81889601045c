/** @param rank 0 to 1. @returns the value at that rank; 0 without values */
export function quantile(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * rank))] ?? 0
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** What a process occupied over time. */
export type Memory = { sample(): void; summary(): MemorySummary }

export type MemorySummary = {
  /** After warming up: the median of the second tenth of all samples. */
  readonly startBytes: number
  readonly peakBytes: number
  /** The least of the last five samples, taken when nothing was going on any more. */
  readonly endBytes: number
  /** End by start. */
  readonly growth: number
}

/** @param read the memory that the process occupies now, in bytes */
export function watchMemory(read: () => number): Memory {
  const samples: number[] = []
  return {
    sample: () => void samples.push(read()),
    summary() {
      const tenth = Math.ceil(samples.length / 10)
      const early = samples.slice(tenth, 2 * tenth).sort((a, b) => a - b)
      const startBytes = early[early.length >> 1] ?? samples[0] ?? 0
      const endBytes = Math.min(...samples.slice(-5))
      return { startBytes, peakBytes: Math.max(...samples), endBytes, growth: endBytes / startBytes }
    },
  }
}

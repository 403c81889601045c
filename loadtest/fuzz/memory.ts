/** Memory of a process over time. */
export type Memory = { sample(): void; summary(): MemorySummary }

export type MemorySummary = {
  /** After warm-up: the median of the second tenth of all samples. */
  readonly startBytes: number
  readonly peakBytes: number
  /** The minimum of the last five samples, taken when the process was idle. */
  readonly endBytes: number
  /** endBytes / startBytes */
  readonly growth: number
}

/** @param read the current memory of the process, in bytes */
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

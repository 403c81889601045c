/**
 * How much longer four times as much takes: about 4 where time grows with the size, 16 where it grows with its
 * square. Time of the processor, and the least that is seen, as a busy machine only ever adds to it.
 */
export function growth(run: (size: number) => unknown, size: number): number {
  run(size)
  const least = (of: number) => Math.min(...[1, 2, 3].map(() => processorMs(() => run(of))))
  const few = Math.max(least(size), 1)
  return least(size * 4) / few
}

/** Between 4 and 16. */
export const linear = 8

function processorMs(run: () => unknown): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/** Between 4 and 16. */
export const linear = 8

/**
 * How much longer four times as much takes: about 4 where time grows with the size, 16 where it grows with its
 * square. Time of the processor, and the least that is seen, as a busy machine only ever adds to it; what is not
 * linear is looked at again.
 */
export function growth(run: (size: number) => unknown, size: number): number {
  run(size)
  const ratios: number[] = []
  while (ratios.length < 3 && !ratios.some((ratio) => ratio < linear)) ratios.push(ratioOf(run, size))
  return Math.min(...ratios)
}

function ratioOf(run: (size: number) => unknown, size: number): number {
  const least = (of: number) => Math.min(...[1, 2, 3].map(() => processorMs(() => run(of))))
  const few = Math.max(least(size), 1)
  return least(size * 4) / few
}

function processorMs(run: () => unknown): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

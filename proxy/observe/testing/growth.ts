/** Between the ratio of linear time, 4, and that of quadratic time, 16. */
export const linear = 8

/**
 * How much longer four times the size takes: about 4 in linear time, 16 in quadratic time. Measures the minimum of
 * several runs in CPU time, as a busy machine only ever adds to it; a ratio that is not linear is measured again.
 */
export function growth(run: (size: number) => unknown, size: number): number {
  run(size)
  const ratios: number[] = []
  while (ratios.length < 3 && !ratios.some((ratio) => ratio < linear)) ratios.push(ratioOf(run, size))
  return Math.min(...ratios)
}

function ratioOf(run: (size: number) => unknown, size: number): number {
  const minimum = (of: number) => Math.min(...[1, 2, 3].map(() => cpuMs(() => run(of))))
  const base = Math.max(minimum(size), 1)
  return minimum(size * 4) / base
}

function cpuMs(run: () => unknown): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

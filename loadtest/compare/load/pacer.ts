import { dueAtMs, dueBy } from './due-times.ts'

/**
 * Calls back at a fixed rate until told otherwise, catching up after a late wake-up, so that the rate holds.
 * @param turn gets the number of the turn, from 0, and how many ms late it is
 * @returns resolves after the last turn
 */
export function paced(
  perSecond: number,
  total: number,
  turn: (n: number, lateMs: number) => void,
): Promise<void> {
  const begunAt = performance.now()
  let n = 0
  return new Promise((resolve) => {
    const tick = (): void => {
      const elapsedMs = performance.now() - begunAt
      const due = dueBy(elapsedMs, perSecond, total)
      for (; n < due; n++) turn(n, elapsedMs - dueAtMs(n, perSecond))
      if (n < total) setTimeout(tick, 1)
      else resolve()
    }
    tick()
  })
}

/** How many calls are to have begun when so much time has gone by since the first one was due. */
export function dueBy(elapsedMs: number, perSecond: number, total: number): number {
  return Math.min(total, Math.floor((elapsedMs * perSecond) / 1_000) + 1)
}

/** When the n-th call (from 0) is due, in ms after the first one. */
export const dueAtMs = (n: number, perSecond: number): number => (n * 1_000) / perSecond

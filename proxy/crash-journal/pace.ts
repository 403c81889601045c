/** How often something may be done in the long run, in ms, and how often in a row. */
export type Pace = { readonly everyMs: number; readonly burst: number }

/**
 * @param monotonic clock in ms
 * @returns asked each time that it is to be done: how long to wait before, in ms; 0 for at once
 */
export function createPace({ everyMs, burst }: Pace, monotonic: () => number): () => number {
  let credit = burst
  let at = monotonic()
  return () => {
    const now = monotonic()
    credit = Math.min(burst, credit + (now - at) / everyMs) - 1
    at = now
    return credit >= 0 ? 0 : -credit * everyMs
  }
}

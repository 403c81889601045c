/** When a batch is closed: whichever comes first. */
export type BatchLimits = { readonly records: number; readonly ageMs: number; readonly bytes: number }

/** What waits, in order; `bytes` is its size, `sinceMs` when it came, on the monotonic clock. */
type Waiting = { readonly bytes: number; readonly sinceMs: number }

export type Batcher<T> = ReturnType<typeof createBatcher<T & Waiting>>

/**
 * The records of many packs wait here for a batch. It has no limit of its own: what waits was handed out by
 * the carrier, which hands out a bounded number of packs and no more before these are settled.
 */
export function createBatcher<T extends Waiting>(limits: BatchLimits) {
  let waiting: T[] = []
  let bytes = 0

  function replace(next: T[]): void {
    waiting = next
    bytes = next.reduce((sum, item) => sum + item.bytes, 0)
  }

  return {
    add(items: readonly T[]): void {
      replace([...waiting, ...items])
    },

    /** Back to the front of the line, after a try that came to nothing. */
    putBack(items: readonly T[]): void {
      replace([...items, ...waiting])
    },

    withdraw(items: ReadonlySet<T>): void {
      replace(waiting.filter((item) => !items.has(item)))
    },

    /** @returns ms until the next batch is due: 0 or less when it is, undefined when nothing waits */
    dueInMs(nowMs: number): number | undefined {
      const [oldest] = waiting
      if (oldest === undefined) return undefined
      if (waiting.length >= limits.records || bytes >= limits.bytes) return 0
      return oldest.sinceMs + limits.ageMs - nowMs
    },

    /** @returns the next batch: as many as fit, at least one */
    take(): readonly T[] {
      let size = 0
      let taken = 0
      for (const item of waiting.slice(0, limits.records)) {
        if (taken > 0 && size + item.bytes > limits.bytes) break
        size += item.bytes
        taken += 1
      }
      const batch = waiting.slice(0, taken)
      replace(waiting.slice(taken))
      return batch
    },
  }
}

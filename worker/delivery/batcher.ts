/** A batch is closed by whichever limit is reached first. */
export type BatchLimits = { readonly records: number; readonly ageMs: number; readonly bytes: number }

/** `sinceMs`: when it arrived, on the monotonic clock. */
type Queued = { readonly bytes: number; readonly sinceMs: number }

export type Batcher<T> = ReturnType<typeof createBatcher<T & Queued>>

/**
 * Collects the records of many packs into batches, in order. It needs no limit of its own: the carrier hands
 * out a bounded number of packs, and no more before these are settled.
 */
export function createBatcher<T extends Queued>(limits: BatchLimits) {
  let queue: T[] = []
  let bytes = 0

  function replace(next: T[]): void {
    queue = next
    bytes = next.reduce((sum, item) => sum + item.bytes, 0)
  }

  return {
    add(items: readonly T[]): void {
      replace([...queue, ...items])
    },

    /** To the front of the queue, for another attempt. */
    putBack(items: readonly T[]): void {
      replace([...items, ...queue])
    },

    /** To the end of the queue: what may have arrived is sent again after all that has not been sent at all. */
    putLast(items: readonly T[]): void {
      replace([...queue, ...items])
    },

    withdraw(items: ReadonlySet<T>): void {
      replace(queue.filter((item) => !items.has(item)))
    },

    /** @returns ms until the next batch is due: 0 or less when it is, undefined when the queue is empty */
    dueInMs(nowMs: number): number | undefined {
      const [oldest] = queue
      if (oldest === undefined) return undefined
      if (queue.length >= limits.records || bytes >= limits.bytes) return 0
      return oldest.sinceMs + limits.ageMs - nowMs
    },

    /**
     * @param share of the limits, up to 1
     * @returns the next batch: as many items as the limits allow, at least one
     */
    take(share = 1): readonly T[] {
      const { records, bytes: maxBytes } = limits
      const count = countWithin(
        { records: Math.max(1, Math.floor(records * share)), bytes: maxBytes * share },
        queue,
      )
      const batch = queue.slice(0, count)
      replace(queue.slice(count))
      return batch
    },
  }
}

function countWithin(limits: Omit<BatchLimits, 'ageMs'>, queue: readonly Queued[]): number {
  let bytes = 0
  let count = 0
  for (const item of queue.slice(0, limits.records)) {
    if (count > 0 && bytes + item.bytes > limits.bytes) break
    bytes += item.bytes
    count += 1
  }
  return count
}

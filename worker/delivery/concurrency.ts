import type { Clock } from '../../shared/timing/clock.ts'

/** How many batches may be on their way to the sinks at once. */
export type Concurrency = {
  current(): number
  /** A batch passed. @param inFlight how many there were, itself included */
  passed(inFlight: number): void
  /** A batch had no answer in time, or was turned away. @param startedAt ms on the monotonic clock */
  refused(startedAt: number): void
  /** A sink has answered. @param afterMs however it answered */
  answered(afterMs: number): void
}

export type ConcurrencyOptions = {
  readonly clock: Pick<Clock, 'monotonic'>
  /** An answer that takes longer is that of a sink with more than it can take. */
  readonly slowMs: number
  readonly onChange: (batches: number) => void
}

/** Enough that a sink far away does not make a slow worker. */
const first = 4

/** The packs that a worker has in hand make no more. */
const most = 16

/**
 * A worker takes as much as its sinks take (additive increase, multiplicative decrease, as in TCP: RFC 5681 §3.1): one batch more
 * each time that as many have passed as may be under way, half as many after a time-out, an outage or a slow answer.
 */
export function createConcurrency({ clock, slowMs, onChange }: ConcurrencyOptions): Concurrency {
  let limit = first
  let cutAt = Number.NEGATIVE_INFINITY
  onChange(limit)

  function change(next: number): void {
    const before = Math.floor(limit)
    limit = next
    if (Math.floor(limit) !== before) onChange(Math.floor(limit))
  }

  /** What was under way together says the same thing once. */
  function cut(startedAt: number): void {
    if (startedAt < cutAt) return
    cutAt = clock.monotonic()
    change(Math.max(1, limit / 2))
  }

  return {
    current: () => Math.floor(limit),
    passed(inFlight) {
      // One that is not used up says nothing of more.
      if (inFlight >= Math.floor(limit)) change(Math.min(most, limit + 1 / limit))
    },
    refused: cut,
    answered(afterMs) {
      if (afterMs > slowMs) cut(clock.monotonic() - afterMs)
    },
  }
}

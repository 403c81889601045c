import type { MediaFailure } from './media-api.ts'

/** Whether the media API is left alone: one that is slow or down must not make every batch wait for it again. */
export type MediaPause = {
  isPaused(): boolean
  failed(failure: MediaFailure | 'timed_out'): void
  succeeded(): void
}

const unsupportedMs = 600_000
const firstMs = 1_000
const maxMs = 60_000

/** @param now ms on a monotonic clock */
export function createMediaPause(now: () => number): MediaPause {
  let until = Number.NEGATIVE_INFINITY
  let failures = 0

  /** A server that is down is asked again with the records themselves, which it costs nothing to wait for. */
  function lengthOf(failure: MediaFailure | 'timed_out'): number {
    if (failure !== 'timed_out' && (failure.kind === 'refused' || failure.kind === 'unreachable')) return 0
    if (failure !== 'timed_out' && failure.kind === 'unsupported') return unsupportedMs
    const retryAfterMs = failure === 'timed_out' ? 0 : (failure.retryAfterMs ?? 0)
    return Math.min(Math.max(firstMs * 2 ** (failures - 1), retryAfterMs), maxMs)
  }

  return {
    isPaused: () => now() < until,
    failed(failure) {
      // What was in flight together says the same thing once.
      if (now() < until) return
      failures += 1
      const ms = lengthOf(failure)
      if (ms === 0) failures = 0
      until = now() + ms
    },
    succeeded() {
      failures = 0
      until = Number.NEGATIVE_INFINITY
    },
  }
}

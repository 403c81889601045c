import { backoffMs } from '../../shared/timing/backoff.ts'
import type { BatchOutcome } from './batch-outcome.ts'

/** How long the gate stays closed, in ms. */
export type GateTimes = {
  readonly firstPauseMs: number
  readonly maxPauseMs: number
  /** Limit for the Retry-After of a server. */
  readonly maxRetryAfterMs: number
  readonly heldProbeMs: number
  /** How often an ongoing hold is reported again. */
  readonly heldReminderMs: number
}

export const gateTimes: GateTimes = {
  firstPauseMs: 1_000,
  maxPauseMs: 60_000,
  maxRetryAfterMs: 300_000,
  heldProbeMs: 30_000,
  heldReminderMs: 300_000,
}

/** A batch outcome that closes the gate. */
export type Obstacle = BatchOutcome & { readonly kind: 'outage' | 'held' }

/** @param pauses since the gate was last open, this one included */
export function pauseMs(obstacle: Obstacle, pauses: number, times: GateTimes): number {
  if (obstacle.kind === 'held') return times.heldProbeMs
  const { retryAfterMs } = obstacle
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, times.maxRetryAfterMs)
  return backoffMs(pauses - 1, { baseMs: times.firstPauseMs, maxMs: times.maxPauseMs })
}

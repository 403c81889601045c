import { backoffMs } from '../shared/timing/backoff.ts'
import type { Clock } from '../shared/timing/clock.ts'
import type { Pause, WorkerEvents } from './events.ts'

/** How long the gate stays closed, in ms. */
export type GateTimes = {
  readonly firstPauseMs: number
  readonly longestPauseMs: number
  /** Limit for what a server asks for with Retry-After. */
  readonly longestRetryAfterMs: number
  readonly heldProbeMs: number
  /** How often an ongoing hold is said again. */
  readonly heldReminderMs: number
}

export const gateTimes: GateTimes = {
  firstPauseMs: 1_000,
  longestPauseMs: 60_000,
  longestRetryAfterMs: 300_000,
  heldProbeMs: 30_000,
  heldReminderMs: 300_000,
}

/** How a batch went, as far as it tells something about the sink. */
export type BatchOutcome =
  | { readonly kind: 'passed' }
  | {
      readonly kind: 'outage'
      readonly sink: string
      readonly reason: string
      readonly retryAfterMs?: number
    }
  | { readonly kind: 'held'; readonly sink: string; readonly reason: string }
  /** Aborted: nothing was learnt. */
  | { readonly kind: 'abandoned' }

/** Leave to send one batch. The first one after a pause is a probe, and goes alone. */
export type Pass = 'ordinary' | 'probe'

type State =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed'; readonly pauses: number; readonly untilMs: number; readonly said: Attributes }
  | { readonly kind: 'probing'; readonly pauses: number; readonly said: Attributes }

type Attributes = { readonly kind: Pause['kind']; readonly atMs: number }

export type Gate = ReturnType<typeof createGate>

/**
 * Stands before all sends: an outage or a hold closes it, so that nothing is used up meanwhile, and one
 * batch at a time finds out whether it is over. It has no timers: its owner asks when it may come again.
 */
export function createGate(clock: Clock, events: WorkerEvents, times: GateTimes) {
  let state: State = { kind: 'open' }

  /** The one door that every change of state goes through. */
  function change(next: State): void {
    if (next.kind === 'open' && state.kind !== 'open') events.deliveryResumed()
    state = next
  }

  function close(
    outcome: BatchOutcome & { kind: 'outage' | 'held' },
    pauses: number,
    before?: Attributes,
  ): void {
    const now = clock.monotonic()
    const nextTryMs = pauseMs(outcome, pauses, times)
    const isNews = before?.kind !== outcome.kind || now - before.atMs >= times.heldReminderMs
    if (isNews) {
      events.deliveryPaused({ kind: outcome.kind, sink: outcome.sink, reason: outcome.reason, nextTryMs })
    }
    const said = isNews ? { kind: outcome.kind, atMs: now } : before
    change({ kind: 'closed', pauses, untilMs: now + nextTryMs, said })
  }

  return {
    /** @returns leave to send one batch, whose outcome must then be reported; undefined while closed */
    admit(): Pass | undefined {
      switch (state.kind) {
        case 'open':
          return 'ordinary'
        case 'closed':
          if (clock.monotonic() < state.untilMs) return undefined
          change({ kind: 'probing', pauses: state.pauses, said: state.said })
          return 'probe'
        case 'probing':
          return undefined
      }
    },

    /** @returns ms until a batch may be admitted: 0 when open, undefined while that hangs on a probe */
    opensInMs(): number | undefined {
      switch (state.kind) {
        case 'open':
          return 0
        case 'closed':
          return Math.max(0, state.untilMs - clock.monotonic())
        case 'probing':
          return undefined
      }
    },

    /** Batches that were under way when the gate closed say nothing new; then only the probe counts. */
    report(pass: Pass, outcome: BatchOutcome): void {
      if (state.kind === 'open' && (outcome.kind === 'outage' || outcome.kind === 'held')) {
        close(outcome, 1)
      }
      if (state.kind !== 'probing' || pass !== 'probe') return
      if (outcome.kind === 'passed') change({ kind: 'open' })
      else if (outcome.kind === 'abandoned') change({ ...state, kind: 'closed', untilMs: clock.monotonic() })
      else close(outcome, state.pauses + 1, state.said)
    },
  }
}

function pauseMs(outcome: BatchOutcome, pauses: number, times: GateTimes): number {
  if (outcome.kind === 'held') return times.heldProbeMs
  const asked = outcome.kind === 'outage' ? outcome.retryAfterMs : undefined
  if (asked !== undefined) return Math.min(asked, times.longestRetryAfterMs)
  return backoffMs(pauses - 1, { baseMs: times.firstPauseMs, maxMs: times.longestPauseMs })
}

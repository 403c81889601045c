import type { Clock } from '../../shared/timing/clock.ts'
import type { BatchOutcome } from './batch-outcome.ts'
import { type GateTimes, type Obstacle, pauseMs } from './gate-times.ts'

/** Why nothing is sent, and for how long. */
export type Pause = {
  readonly kind: Obstacle['kind']
  readonly sink: string
  readonly reason: string
  readonly nextAttemptMs: number
}

export type GateEvents = {
  deliveryPaused(pause: Pause): void
  deliveryResumed(): void
}

/** Permission to send one batch. The first one after a pause is a probe, and the only one in flight. */
export type Admission = 'ordinary' | 'probe'

export type Gate = {
  /** @returns undefined while closed; the outcome of an admitted batch must be reported */
  admit(): Admission | undefined
  /** @returns ms until a batch may be admitted: 0 when open, undefined while that depends on a probe */
  opensInMs(): number | undefined
  report(admission: Admission, outcome: BatchOutcome): void
}

type State =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'closed'
      readonly pauses: number
      readonly untilMs: number
      readonly reported: Reported
    }
  | { readonly kind: 'probing'; readonly pauses: number; readonly reported: Reported }

/** The last pause that was reported, so that an unchanged one is not reported with every probe. */
type Reported = { readonly kind: Pause['kind']; readonly atMs: number }

/**
 * Stands before all sends: an outage or a hold closes it, so that no record uses up attempts meanwhile, and one
 * batch at a time probes whether it is over. It has no timers: the scheduler does.
 */
export function createGate(clock: Clock, events: GateEvents, times: GateTimes): Gate {
  let state: State = { kind: 'open' }

  /** The one door that every change of state goes through. */
  function change(next: State): void {
    if (next.kind === 'open' && state.kind !== 'open') events.deliveryResumed()
    state = next
  }

  function close(obstacle: Obstacle, pauses: number, previous?: Reported): void {
    const now = clock.monotonic()
    const nextAttemptMs = pauseMs(obstacle, pauses, times)
    const untilMs = now + nextAttemptMs
    if (previous?.kind === obstacle.kind && now - previous.atMs < times.heldReminderMs) {
      change({ kind: 'closed', pauses, untilMs, reported: previous })
      return
    }
    const { kind, sink, reason } = obstacle
    events.deliveryPaused({ kind, sink, reason, nextAttemptMs })
    change({ kind: 'closed', pauses, untilMs, reported: { kind, atMs: now } })
  }

  function admit(): Admission | undefined {
    switch (state.kind) {
      case 'open':
        return 'ordinary'
      case 'closed':
        if (clock.monotonic() < state.untilMs) return undefined
        change({ kind: 'probing', pauses: state.pauses, reported: state.reported })
        return 'probe'
      case 'probing':
        return undefined
    }
  }

  function report(admission: Admission, outcome: BatchOutcome): void {
    switch (state.kind) {
      case 'open':
        if (isObstacle(outcome)) close(outcome, 1)
        return
      case 'closed':
        // Batches that were in flight when the gate closed say nothing new.
        return
      case 'probing':
        if (admission !== 'probe') return
        if (isObstacle(outcome)) close(outcome, state.pauses + 1, state.reported)
        else if (outcome.kind === 'passed') change({ kind: 'open' })
        // An aborted probe leaves its place to the next one.
        else change({ ...state, kind: 'closed', untilMs: clock.monotonic() })
    }
  }

  return { admit, opensInMs: () => msUntilOpen(state, clock.monotonic()), report }
}

function msUntilOpen(state: State, now: number): number | undefined {
  switch (state.kind) {
    case 'open':
      return 0
    case 'closed':
      return Math.max(0, state.untilMs - now)
    case 'probing':
      return undefined
  }
}

function isObstacle(outcome: BatchOutcome): outcome is Obstacle {
  return outcome.kind === 'outage' || outcome.kind === 'held'
}

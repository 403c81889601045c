import { leastRecentlyUsed } from '../../shared/least-recently-used.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { type LearnedReporting, maxPairs, type Reporting } from './reporting.ts'

/** `ask`: inject the option, and cut what it brings. `leave`: send the request as it is. `try`: the same, to learn. */
export type UsageDecision = 'ask' | 'leave' | 'try'

/**
 * What the relay knows of how upstreams report usage: a mirror of what the recorder learns, which decides each call by one
 * look-up.
 */
export type KnownReporting = {
  /**
   * @param model undefined for one that is not remembered
   * @param mayTry whether the call's usage can be estimated, if the upstream reports none
   */
  decide(upstream: string, model: string | undefined, mayTry: boolean): UsageDecision
  /** Without learning: asks, unless the upstream rejects the option, which would cost a request each time. */
  mayAsk(upstream: string, model: string | undefined): Exclude<UsageDecision, 'try'>
  /** A call that was sent to learn has ended; the recorder is about to say what it showed. */
  tryEnded(upstream: string, model: string): void
  /** @param learned undefined where a call that was sent to learn showed nothing */
  set(upstream: string, model: string, learned: LearnedReporting | undefined): void
}

type Entry =
  | { readonly kind: 'learned'; readonly learned: LearnedReporting }
  /** One call is under way without asking; the others ask meanwhile. */
  | { readonly kind: 'trying'; readonly until: number; readonly failures: number }
  /** That call has ended, and what it showed is being read. */
  | { readonly kind: 'reading'; readonly until: number; readonly failures: number }
  | { readonly kind: 'unclear'; readonly failures: number; readonly until: number }

/** A stream takes no longer. Afterwards another call may try. */
const tryMs = 900_000
/** The recorder reads the end of a call well within it. */
const reportMs = 10_000
/** After so many calls in a row that showed nothing (their clients left) usage is asked for, for a while. */
const maxFailures = 3
const unclearMs = 3_600_000

export function createKnownReporting(clock: Pick<Clock, 'now'>, max = maxPairs): KnownReporting {
  const pairs = leastRecentlyUsed<Entry>(max)

  function tryFirst(pair: string, failures: number): UsageDecision {
    pairs.set(pair, { kind: 'trying', until: clock.now() + tryMs, failures })
    return 'try'
  }

  const learned = (entry: Entry | undefined): Reporting | undefined =>
    entry?.kind === 'learned' && entry.learned.expiresAt > clock.now() ? entry.learned.reporting : undefined

  return {
    decide(upstream, model, mayTry) {
      if (model === undefined) return 'ask'
      const pair = pairOf(upstream, model)
      const entry = pairs.get(pair)
      const reporting = learned(entry)
      if (reporting !== undefined) return reporting === 'on_request' ? 'ask' : 'leave'
      if (!mayTry) return 'ask'
      if (entry === undefined || entry.kind === 'learned') return tryFirst(pair, 0)
      // What it showed is about to be known: better an estimate more than a frame cut that would have come anyway.
      if (entry.kind === 'reading' && entry.until > clock.now()) return 'leave'
      if (entry.until > clock.now()) return 'ask'
      return tryFirst(pair, entry.failures < maxFailures ? entry.failures : 0)
    },

    mayAsk(upstream, model) {
      if (model === undefined) return 'ask'
      return learned(pairs.get(pairOf(upstream, model))) === 'rejects_option' ? 'leave' : 'ask'
    },

    tryEnded(upstream, model) {
      const pair = pairOf(upstream, model)
      const entry = pairs.get(pair)
      if (entry?.kind === 'trying')
        pairs.set(pair, { ...entry, kind: 'reading', until: clock.now() + reportMs })
    },

    set(upstream, model, found) {
      const pair = pairOf(upstream, model)
      if (found !== undefined) {
        pairs.set(pair, { kind: 'learned', learned: found })
        return
      }
      const entry = pairs.get(pair)
      if (entry?.kind !== 'trying' && entry?.kind !== 'reading') return
      const failures = entry.failures + 1
      const until = failures < maxFailures ? 0 : clock.now() + unclearMs
      pairs.set(pair, { kind: 'unclear', failures, until })
    },
  }
}

/** Unambiguous, because names of upstreams contain no space. */
const pairOf = (upstream: string, model: string): string => `${upstream} ${model}`

import { leastRecentlyUsed } from '../../shared/least-recently-used.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { learn, type StreamEvidence } from './learn.ts'
import { type LearnedReporting, lifetimesMs, maxPairs, type Reporting, reportings } from './reporting.ts'
import { type StoredPair, storedPair, urlAndModel } from './stored-reporting.ts'

export type ReportingMemoryOptions = {
  readonly clock: Pick<Clock, 'now'>
  /** Base URLs by the upstream's name. */
  readonly urls: ReadonlyMap<string, string>
  /** Tells the relay; undefined where a call that was sent to learn showed nothing. */
  readonly announce: (upstream: string, model: string, learned: LearnedReporting | undefined) => void
  /** What was learned here, to be kept and shared. */
  readonly onLearned: (pair: StoredPair) => void
  readonly events: ReportingEvents
}

export type ReportingEvents = {
  /** It is not what was known before. */
  usageReportingLearned(upstream: string, model: string, reporting: Reporting): void
}

/** What is known of how upstreams report usage. */
export type ReportingMemory = {
  /** @param isTry whether the relay sent the call to learn, and waits for what it showed */
  observe(upstream: string, model: string, evidence: StreamEvidence, isTry: boolean): void
  /** Takes over what was learned before, or elsewhere. */
  adopt(pairs: readonly StoredPair[]): void
  pairs(): readonly StoredPair[]
  /** Pairs of upstream and model by what is known of them now. */
  counts(): Readonly<Record<Reporting, number>>
}

export function createReportingMemory(options: ReportingMemoryOptions): ReportingMemory {
  const { clock, urls, announce, onLearned, events } = options
  const known = leastRecentlyUsed<LearnedReporting>(maxPairs)

  function alive(pair: string): LearnedReporting | undefined {
    const learned = known.get(pair)
    return learned !== undefined && learned.expiresAt > clock.now() ? learned : undefined
  }

  /** Half of its life is left: what confirms it need not be noted yet. */
  const isFresh = ({ reporting, expiresAt }: LearnedReporting): boolean =>
    expiresAt - clock.now() > lifetimesMs[reporting] / 2

  function observe(upstream: string, model: string, evidence: StreamEvidence, isTry: boolean): void {
    const url = urls.get(upstream)
    if (url === undefined) return
    const pair = storedPair(url, model)
    const before = alive(pair)
    const found = learn(evidence, before)
    const isNews = found !== undefined && !(before?.reporting === found.reporting && isFresh(before))
    if (!isNews) {
      if (isTry) announce(upstream, model, before)
      return
    }
    const learned = { ...found, expiresAt: clock.now() + lifetimesMs[found.reporting] }
    known.set(pair, learned)
    announceTo(url, model, learned)
    onLearned([pair, learned])
    if (before?.reporting !== found.reporting) events.usageReportingLearned(upstream, model, found.reporting)
  }

  /** Several names may lead to one upstream. */
  function announceTo(url: string, model: string, learned: LearnedReporting): void {
    for (const [name, own] of urls) if (own === url) announce(name, model, learned)
  }

  function alivePairs(): readonly StoredPair[] {
    return [...known.entries()].filter(([, { expiresAt }]) => expiresAt > clock.now())
  }

  return {
    observe,

    adopt(pairs) {
      for (const [pair, learned] of pairs) {
        const before = alive(pair)
        if (before !== undefined && !isBetter(learned, before)) continue
        known.set(pair, learned)
        const { url, model } = urlAndModel(pair)
        announceTo(url, model, learned)
      }
    },

    pairs: alivePairs,

    counts() {
      const counts = Object.fromEntries(reportings.map((name) => [name, 0])) as Record<Reporting, number>
      for (const [, { reporting }] of alivePairs()) counts[reporting] += 1
      return counts
    },
  }
}

/** One that sent usage anyway somewhere is not to be cut anywhere; of the rest the newest holds. */
function isBetter(learned: LearnedReporting, before: LearnedReporting): boolean {
  if (before.reporting === 'unsolicited' && learned.reporting !== 'unsolicited') return false
  if (learned.reporting === 'unsolicited' && before.reporting !== 'unsolicited') return true
  return learned.expiresAt > before.expiresAt
}

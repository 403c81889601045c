import type { Clock } from '../../shared/timing/clock.ts'

/** The upstreams and models that reject `stream_options`. */
export type UsageRefusals = {
  has(upstream: string, model: string): boolean
  remember(upstream: string, model: string): void
  /** Pairs of upstream and model that are remembered now. */
  size(): number
}

export type UsageRefusalsOptions = {
  /** Over this limit the least recently used pair is evicted; learning it again costs one refused request. */
  readonly maxPairs?: number
  /** After this time the upstream is tried again: servers are updated. */
  readonly ttlMs?: number
}

/** In UTF-16 code units. Model names come from clients, without a limit of their own; real ones are far shorter. */
const maxModelLength = 256

/** A bounded memory of refusals, lost when the process ends. */
export function createUsageRefusals(
  clock: Pick<Clock, 'monotonic'>,
  { maxPairs = 1_000, ttlMs = 3_600_000 }: UsageRefusalsOptions = {},
): UsageRefusals {
  /** When each was learned, least recently used first: a Map keeps the order of insertion. */
  const learnedAt = new Map<string, number>()
  const isAlive = (at: number): boolean => clock.monotonic() - at < ttlMs

  function put(pair: string, at: number): void {
    learnedAt.delete(pair)
    learnedAt.set(pair, at)
  }

  return {
    has(upstream, model) {
      if (learnedAt.size === 0) return false
      const pair = pairOf(upstream, model)
      const at = learnedAt.get(pair)
      if (at === undefined) return false
      if (isAlive(at)) put(pair, at)
      else learnedAt.delete(pair)
      return isAlive(at)
    },
    remember(upstream, model) {
      if (model.length > maxModelLength) return
      put(pairOf(upstream, model), clock.monotonic())
      if (learnedAt.size <= maxPairs) return
      for (const oldest of learnedAt.keys()) {
        learnedAt.delete(oldest)
        break
      }
    },
    size: () => [...learnedAt.values()].filter(isAlive).length,
  }
}

/** Unambiguous, because names of upstreams contain no space. */
const pairOf = (upstream: string, model: string): string => `${upstream} ${model}`

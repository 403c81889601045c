import { LRUCache } from 'lru-cache'
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
  // The time when each pair expires, on our own clock: lru-cache's ttl takes the time 0, at which a monotonic
  // clock may start, for "never expires".
  const expiresAt = new LRUCache<string, number>({ max: maxPairs })
  const isAlive = (expiry: number): boolean => clock.monotonic() < expiry

  return {
    has(upstream, model) {
      if (expiresAt.size === 0) return false
      const pair = pairOf(upstream, model)
      const expiry = expiresAt.get(pair)
      if (expiry === undefined) return false
      if (isAlive(expiry)) return true
      expiresAt.delete(pair)
      return false
    },
    remember(upstream, model) {
      if (model.length > maxModelLength) return
      expiresAt.set(pairOf(upstream, model), clock.monotonic() + ttlMs)
    },
    size: () => [...expiresAt.values()].filter(isAlive).length,
  }
}

/** Unambiguous, because names of upstreams contain no space. */
const pairOf = (upstream: string, model: string): string => `${upstream} ${model}`

import { LRUCache } from 'lru-cache'
import type { Clock } from '../../shared/timing/clock.ts'

/** Which upstreams reject injected `stream_options` for a model's streams. */
export type UsageRefusals = {
  has(upstream: string, model: string): boolean
  remember(upstream: string, model: string): void
  /** How many pairs of upstream and model are remembered now. */
  size(): number
}

export type UsageRefusalsOptions = {
  /** Beyond it the least recently needed pair is evicted; it costs one rejected request to learn it again. */
  readonly maxPairs?: number
  /** After this time, milliseconds, the upstream is tried again: servers are updated. */
  readonly lifeMs?: number
}

/** Model names come from clients and have no limit of their own; real ones are far shorter. */
const maxModelLength = 256

/** A bounded memory of refusals, for the life of the process. */
export function createUsageRefusals(
  clock: Pick<Clock, 'monotonic'>,
  { maxPairs = 1_000, lifeMs = 3_600_000 }: UsageRefusalsOptions = {},
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
      expiresAt.set(pairOf(upstream, model), clock.monotonic() + lifeMs)
    },
    size: () => [...expiresAt.values()].filter(isAlive).length,
  }
}

/** Names of upstreams hold no space. */
const pairOf = (upstream: string, model: string): string => `${upstream} ${model}`

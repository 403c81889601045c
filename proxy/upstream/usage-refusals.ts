import type { Clock } from '../../shared/timing/clock.ts'

/** Which upstreams do not let a model's streams be asked for their usage. */
export type UsageRefusals = {
  has(upstream: string, model: string): boolean
  remember(upstream: string, model: string): void
  /** How many pairs of upstream and model are remembered now. */
  size(): number
}

export type UsageRefusalsOptions = {
  /** Of more pairs than these the least recently needed is forgotten; it costs one refused request to learn again. */
  readonly maxPairs?: number
  /** After this time the upstream is asked again: servers are updated. */
  readonly lifeMs?: number
}

/** Model names come from clients and have no limit of their own; real ones are far shorter. */
const maxModelLength = 256

/** A bounded memory of refusals, for the life of the process. */
export function createUsageRefusals(
  clock: Pick<Clock, 'monotonic'>,
  { maxPairs = 1_000, lifeMs = 3_600_000 }: UsageRefusalsOptions = {},
): UsageRefusals {
  /** When each was learned, in the order of last need: a Map keeps the order of insertion. */
  const learnedAt = new Map<string, number>()
  const isAlive = (at: number): boolean => clock.monotonic() - at < lifeMs

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

/** Names of upstreams hold no space. */
const pairOf = (upstream: string, model: string): string => `${upstream} ${model}`

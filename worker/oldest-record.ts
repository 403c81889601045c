import type { Consume } from '../shared/queue/carrier.ts'
import type { InferenceRecord } from '../shared/record/record.ts'

/**
 * Wraps a consumer so that it is known how old the oldest record is that it has in hand.
 * @returns `oldestAt`: when the call of that record ended, ms since 1970; undefined while there is none
 */
export function withOldest(consume: Consume): {
  readonly consume: Consume
  oldestAt(): number | undefined
} {
  const inHand = new Map<symbol, number>()
  return {
    async consume(pack, signal) {
      const taken = Symbol(pack.id)
      inHand.set(taken, Math.min(...pack.records.map(endedAt)))
      try {
        return await consume(pack, signal)
      } finally {
        inHand.delete(taken)
      }
    },
    oldestAt: () => (inHand.size === 0 ? undefined : Math.min(...inHand.values())),
  }
}

const endedAt = ({ times }: InferenceRecord): number => times.startedAt + times.durationMs

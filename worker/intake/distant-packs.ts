import { Queue } from 'bullmq'
import { type QueueNames, waitingKeys } from '../../shared/queue/queue-names.ts'
import type { RedisClient } from '../../shared/queue/redis.ts'

/** By how much the clocks of two workers may differ. */
const skewMs = 30_000

/** BullMQ orders what is delayed by ms since 1970 times this, and a counter. */
const scorePerMs = 0x1000

export type DistantPacksOptions = {
  /** No pack is put back for longer. */
  readonly longestDelayMs: number
  readonly lookEveryMs: number
}

/**
 * Brings back packs that are delayed for longer than any is, again and again. A delay ends by the wall clock: packs that a
 * worker put back before its clock was set back, or one whose clock is hours ahead, would be delivered only then.
 */
export function watchDistantPacks(
  redis: RedisClient,
  names: QueueNames,
  { longestDelayMs, lookEveryMs }: DistantPacksOptions,
): { stop(): void } {
  let queue: Queue | undefined

  async function bringBack(): Promise<void> {
    if (redis.status !== 'ready') return
    const after = (Date.now() + longestDelayMs + skewMs) * scorePerMs
    if ((await redis.zcount(waitingKeys(names).delayed, after, '+inf')) === 0) return
    queue ??= new Queue(names.queueName, {
      connection: redis,
      prefix: names.prefix,
      skipMetasUpdate: true,
    }).on('error', () => undefined)
    // All that are delayed: the others only come a little earlier than they would.
    await queue.promoteJobs()
  }

  // What fails is tried again, and whoever takes packs reports a Redis that is away.
  const timer = setInterval(() => void bringBack().catch(() => undefined), lookEveryMs).unref()
  return { stop: () => clearInterval(timer) }
}

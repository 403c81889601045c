import { jobKey, type QueueNames, waitingKeys } from './queue-names.ts'
import type { RedisClient } from './redis.ts'

/** What is in the queue, in packs. */
export type QueueDepth = {
  readonly waiting: number
  /** Put back by a worker, to come again later. */
  readonly delayed: number
  /** With a worker. */
  readonly active: number
  /** When the pack that has waited longest was added, ms since 1970; undefined where none waits. */
  readonly oldestAt?: number
}

/** @throws when Redis cannot be asked in time */
export async function readQueueDepth(redis: RedisClient, names: QueueNames): Promise<QueueDepth> {
  const { wait, delayed, active } = waitingKeys(names)
  const [waitingPacks, delayedPacks, activePacks, last, next] = await Promise.all([
    redis.llen(wait),
    redis.zcard(delayed),
    redis.llen(active),
    // BullMQ adds at the head of the list and takes from its end.
    redis.lindex(wait, -1),
    redis.zrange(delayed, '0', '0'),
  ])
  const ids = [last, ...next].filter((id) => id !== null)
  const added = await Promise.all(ids.map((id) => redis.hget(jobKey(names, id), 'timestamp')))
  // A job may be gone by now.
  const times = added.filter((time) => time !== null).map(Number)
  return {
    waiting: waitingPacks,
    delayed: delayedPacks,
    active: activePacks,
    ...(times.length > 0 && { oldestAt: Math.min(...times) }),
  }
}

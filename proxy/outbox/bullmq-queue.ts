import { Queue } from 'bullmq'
import type { PackJob, QueueNames } from '../../shared/queue/queue-names.ts'
import type { RedisClient } from '../../shared/queue/redis.ts'
import type { SpooledPack } from '../spool/spool.ts'

/**
 * Adds a pack as one job. A pack that is added twice, because a response was lost, is one job as long as that job exists.
 * @throws when Redis cannot take it, or its response was lost
 */
export type AddPack = (pack: SpooledPack) => Promise<void>

/** The proxy's only use of BullMQ: loaded with the first pack, since it takes memory that a proxy without calls can do without. */
export function bullmqQueue(connection: RedisClient, { queueName, prefix }: QueueNames): AddPack {
  const queue = new Queue<PackJob>(queueName, {
    connection,
    prefix,
    // BullMQ checks the version once, and one lost response would make the queue unusable for good.
    skipVersionCheck: true,
    streams: { events: { maxLen: 100 } },
  })
  queue.on('error', () => {})
  return async ({ id, text, records }) => {
    await queue.add('pack', { pack: text, records }, { ...jobOptions, jobId: id })
  }
}

const jobOptions = {
  removeOnComplete: true,
  attempts: Number.MAX_SAFE_INTEGER,
  backoff: { type: 'worker' },
}

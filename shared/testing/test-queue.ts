import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { inject, onTestFinished } from 'vitest'
import type { QueueNames } from '../queue/queue-names.ts'

/** A queue for one test in the Redis that all tests share. */
export function testQueue(): QueueNames & { readonly redisUrl: string } {
  const queue = { redisUrl: inject('redisUrl'), queueName: 'packs', prefix: `{test-${randomUUID()}}` }
  onTestFinished(() => removeKeys(queue.redisUrl, queue.prefix))
  return queue
}

async function removeKeys(redisUrl: string, prefix: string): Promise<void> {
  const redis = new Redis(redisUrl)
  for await (const keys of redis.scanStream({ match: `${prefix}*` })) {
    if (keys.length > 0) await redis.unlink(...keys)
  }
  redis.disconnect()
}

import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { testQueue } from '../testing/test-queue.ts'
import { readQueueDepth } from './queue-depth.ts'

function aQueue() {
  const { redisUrl, ...names } = testQueue()
  const redis = new Redis(redisUrl)
  onTestFinished(() => redis.disconnect())
  const queue = new Queue(names.queueName, { connection: redis, prefix: names.prefix })
  return { queue, depth: () => readQueueDepth(redis, names) }
}

test('the depth is the packs that wait, that come again later, and that a worker has', async () => {
  const { queue, depth } = aQueue()
  expect(await depth()).toEqual({ waiting: 0, delayed: 0, active: 0 })
  await queue.add('pack', {}, { timestamp: 2_000 })
  await queue.add('pack', {}, { timestamp: 3_000 })
  expect(await depth()).toEqual({ waiting: 2, delayed: 0, active: 0, oldestAt: 2_000 })
  await queue.add('pack', {}, { timestamp: 1_000, delay: 60_000 })
  expect(await depth()).toEqual({ waiting: 2, delayed: 1, active: 0, oldestAt: 1_000 })
})

import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { noCounts } from '../ledger/ledger.ts'
import { startRedis } from '../testing/private-redis.ts'
import { testQueue } from '../testing/test-queue.ts'
import { readOutcomes, removeOutcomes, reportOutcome, reportReplayed } from './outcomes.ts'
import { outcomesKey } from './queue-names.ts'

const origin = '0123456789abcdef'
const pack = `p-${origin}-1`
const settled = { delivered: 3, deadLettered: 1, dropped: { sampled_out: 2 } }

test('outcomes reach the proxy that the pack came from, oldest first, until they are removed', async () => {
  const { redis, names } = connect()
  await reportOutcome(redis, names, pack, 7, settled)
  await reportReplayed(redis, names, origin)
  await reportOutcome(redis, names, 'p-beef-1', 1, { ...noCounts, delivered: 1 })
  const reported = [{ pack, before: 7, settled }, { replayed: 1 }]
  expect(await readOutcomes(redis, names, origin, 10)).toEqual(reported)
  expect(await readOutcomes(redis, names, origin, 1)).toEqual(reported.slice(0, 1))
  await removeOutcomes(redis, names, origin, 1)
  expect(await readOutcomes(redis, names, origin, 10)).toEqual(reported.slice(1))
})

test('nothing is reported of a pack of which nothing was settled', async () => {
  const { redis, names } = connect()
  await reportOutcome(redis, names, pack, 7, noCounts)
  expect(await readOutcomes(redis, names, origin, 10)).toEqual([])
})

test('what cannot be read as an outcome is undefined, so that it can be removed with the others', async () => {
  const { redis, names } = connect()
  await redis.rpush(outcomesKey(names, origin), 'not JSON', '{"pack":1}')
  await reportReplayed(redis, names, origin)
  expect(await readOutcomes(redis, names, origin, 10)).toEqual([undefined, undefined, { replayed: 1 }])
})

test('outcomes expire after a week, unless the proxy is alive', async () => {
  const { redis, names } = connect()
  await reportReplayed(redis, names, origin)
  const key = outcomesKey(names, origin)
  expect(await redis.ttl(key)).toBeGreaterThan(6 * 24 * 3_600)
  await redis.expire(key, 60)
  await removeOutcomes(redis, names, origin, 0)
  expect(await redis.ttl(key)).toBeGreaterThan(6 * 24 * 3_600)
})

test('reporting works at the memory limit of Redis, so that the queue can get shorter', async () => {
  const server = await startRedis({ args: ['--maxmemory', '1', '--maxmemory-policy', 'noeviction'] })
  onTestFinished(server.stop)
  const redis = new Redis(server.url)
  onTestFinished(() => redis.disconnect())
  const names = { queueName: 'packs', prefix: '{full}' }
  await expect(redis.set('fill', 'x')).rejects.toThrow('OOM')
  await reportReplayed(redis, names, origin)
  expect(await readOutcomes(redis, names, origin, 10)).toEqual([{ replayed: 1 }])
})

function connect() {
  const { redisUrl, ...names } = testQueue()
  const redis = new Redis(redisUrl)
  onTestFinished(() => redis.disconnect())
  return { redis, names }
}

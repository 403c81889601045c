import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { noCounts } from '../ledger/ledger.ts'
import { startRedis } from '../testing/private-redis.ts'
import { testQueue } from '../testing/test-queue.ts'
import { settledKey } from './queue-names.ts'
import { countReplayed, countSettled, postponeExpiry, readSettled } from './settled-counts.ts'

const origin = '0123456789abcdef'
const pack = `p-${origin}-1`

test('settled records are added up per proxy, by outcome and reason', async () => {
  const { redis, names } = connect()
  await countSettled(redis, names, pack, 6, { delivered: 3, deadLettered: 1, dropped: { sampled_out: 2 } })
  await countSettled(redis, names, `p-${origin}-2`, 1, { ...noCounts, delivered: 1 })
  await countSettled(redis, names, 'p-beef-1', 1, { ...noCounts, delivered: 1 })
  expect(await readSettled(redis, names, origin)).toEqual({
    delivered: 4,
    deadLettered: 1,
    dropped: { sampled_out: 2 },
  })
})

test('a pack settled in parts is counted in parts', async () => {
  const { redis, names } = connect()
  await countSettled(redis, names, pack, 5, { ...noCounts, delivered: 3 })
  await countSettled(redis, names, pack, 2, { ...noCounts, deadLettered: 2 })
  expect(await readSettled(redis, names, origin)).toEqual({ ...noCounts, delivered: 3, deadLettered: 2 })
})

test('a pack that is processed twice is counted once, whatever its second outcome', async () => {
  const { redis, names } = connect()
  await countSettled(redis, names, pack, 5, { ...noCounts, delivered: 3 })
  await countSettled(redis, names, pack, 5, { ...noCounts, delivered: 2 })
  expect(await readSettled(redis, names, origin)).toEqual({ ...noCounts, delivered: 3 })
  await countSettled(redis, names, pack, 5, { ...noCounts, delivered: 4, deadLettered: 1 })
  expect(await readSettled(redis, names, origin)).toMatchObject({ delivered: 5, deadLettered: 0 })
})

test('a replayed dead letter counts as delivered', async () => {
  const { redis, names } = connect()
  await countSettled(redis, names, pack, 2, { ...noCounts, deadLettered: 2 })
  await countReplayed(redis, names, origin)
  expect(await readSettled(redis, names, origin)).toEqual({ ...noCounts, delivered: 1, deadLettered: 1 })
})

test('the counts of a proxy expire after a week, unless the proxy is alive', async () => {
  const { redis, names } = connect()
  await countSettled(redis, names, pack, 1, { ...noCounts, delivered: 1 })
  expect(await redis.ttl(settledKey(names, origin))).toBeGreaterThan(6 * 24 * 3_600)
  await redis.expire(settledKey(names, origin), 60)
  await postponeExpiry(redis, names, origin)
  expect(await redis.ttl(settledKey(names, origin))).toBeGreaterThan(6 * 24 * 3_600)
})

test('counting works at the memory limit of Redis, so that the queue can get shorter', async () => {
  const server = await startRedis({ args: ['--maxmemory', '1', '--maxmemory-policy', 'noeviction'] })
  onTestFinished(server.stop)
  const redis = new Redis(server.url)
  onTestFinished(() => redis.disconnect())
  const names = { queueName: 'packs', prefix: '{full}' }
  await expect(redis.set('fill', 'x')).rejects.toThrow('OOM')
  await countSettled(redis, names, pack, 1, { ...noCounts, delivered: 1 })
  expect(await readSettled(redis, names, origin)).toEqual({ ...noCounts, delivered: 1 })
})

function connect() {
  const { redisUrl, ...names } = testQueue()
  const redis = new Redis(redisUrl)
  onTestFinished(() => redis.disconnect())
  return { redis, names }
}

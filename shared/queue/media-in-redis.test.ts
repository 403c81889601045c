import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { testQueue } from '../testing/test-queue.ts'
import { putMedium, readMedium, removeMedium } from './media-in-redis.ts'

function lendRedis() {
  const { redisUrl, ...names } = testQueue()
  const redis = new Redis(redisUrl)
  onTestFinished(() => redis.disconnect())
  const key = `${names.prefix}:${names.queueName}:media`
  return { redis, names, key }
}

const aHash = () => randomBytes(32).toString('hex')

test('the bytes of a medium are sent once, and read as they were', async () => {
  const { redis, names } = lendRedis()
  const medium = { sha256: aHash(), size: 1_000 }
  const bytes = randomBytes(1_000)
  expect(await putMedium(redis, names, medium, 5_000)).toBe('absent')
  expect(await putMedium(redis, names, medium, 5_000, bytes)).toBe('kept')
  expect(await putMedium(redis, names, medium, 5_000)).toBe('kept')
  expect(await readMedium(redis, names, medium.sha256)).toEqual(bytes)
})

test('beyond the limit nothing is taken until something is removed or has expired', async () => {
  const { redis, names, key } = lendRedis()
  const [a, b] = [aHash(), aHash()].map((sha256) => ({ sha256, size: 600 })) as [Medium, Medium]
  await putMedium(redis, names, a, 1_000, randomBytes(600))
  expect(await putMedium(redis, names, b, 1_000, randomBytes(600))).toBe('full')
  await removeMedium(redis, names, a)
  await removeMedium(redis, names, a)
  expect(await redis.get(`${key}:bytes`)).toBe('0')
  expect(await putMedium(redis, names, b, 1_000, randomBytes(600))).toBe('kept')
  // As if it had expired.
  await redis.del(`${key}:${b.sha256}`)
  await redis.zadd(key, 0, `${b.sha256}:600`)
  expect(await putMedium(redis, names, a, 1_000, randomBytes(600))).toBe('kept')
  expect(await redis.get(`${key}:bytes`)).toBe('600')
})

test('every medium expires', async () => {
  const { redis, names, key } = lendRedis()
  const medium = { sha256: aHash(), size: 10 }
  await putMedium(redis, names, medium, 1_000, randomBytes(10))
  expect(await redis.pttl(`${key}:${medium.sha256}`)).toBeGreaterThan(0)
})

type Medium = { readonly sha256: string; readonly size: number }

import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { freePort, startRedis } from '../../../shared/testing/private-redis.ts'
import { stillClock } from '../../../shared/testing/still-clock.ts'
import { until } from '../../../shared/testing/until.ts'
import { createRedisStore } from './redis-store.ts'
import type { Registration } from './store.ts'

const registration: Registration = { context: { userId: 'u' }, ttlMs: 60_000, refreshOnUse: false }

async function aRedis() {
  const server = await startRedis()
  onTestFinished(server.stop)
  const redis = new Redis(server.url)
  onTestFinished(() => redis.disconnect())
  return { server, redis }
}

async function aStore(redisUrl: string) {
  const clock = stillClock()
  const store = createRedisStore({ redisUrl, prefix: '{own}', clock })
  onTestFinished(store.stop)
  await store.start()
  return { clock, store }
}

test('a context registered by one process is seen by another, with the rest of its lifetime', async () => {
  const { server, redis } = await aRedis()
  const [{ store: here }, { store: there }] = [await aStore(server.url), await aStore(server.url)]
  await here.put('t', registration)
  expect(await there.use('t')).toMatchObject({ context: { userId: 'u' }, ttlMs: 60_000 })
  expect(await redis.pttl('{own}:context:t')).toBeGreaterThan(50_000)
  expect(await there.delete('t')).toBe(true)
  expect(await here.get('t')).toBeUndefined()
})

test('a context is cached for two seconds, then read from Redis again', async () => {
  const { server, redis } = await aRedis()
  const { clock, store } = await aStore(server.url)
  await store.put('t', registration)
  await redis.del('{own}:context:t')
  clock.advance(1_999)
  expect(store.use('t')).toMatchObject({ context: { userId: 'u' } })
  clock.advance(1)
  expect(await store.use('t')).toBeUndefined()
})

test('a use restarts the lifetime in Redis too', async () => {
  const { server, redis } = await aRedis()
  const { clock, store } = await aStore(server.url)
  await store.put('t', { ...registration, refreshOnUse: true })
  await redis.pexpire('{own}:context:t', 5_000)
  await store.get('t')
  expect(await redis.pttl('{own}:context:t')).toBeLessThanOrEqual(5_000)
  clock.advance(2_000)
  await store.use('t')
  expect(await redis.pttl('{own}:context:t')).toBeGreaterThan(50_000)
})

test('Redis expires a context at the end of its lifetime', async () => {
  const { server } = await aRedis()
  const { store } = await aStore(server.url)
  await store.put('t', { ...registration, ttlMs: 20 })
  await until(async () => (await store.get('t')) === undefined)
})

test('an entry of another version that cannot be decoded counts as absent', async () => {
  const { server, redis } = await aRedis()
  const { store } = await aStore(server.url)
  await redis.set('{own}:context:t', '{"v":9}', 'PX', 60_000)
  expect(await store.use('t')).toBeUndefined()
})

test('commands reject at once while Redis is away, and work when it is back', async () => {
  const port = await freePort()
  const { clock, store } = await aStore(`redis://127.0.0.1:${port}`)
  await expect(store.use('t')).rejects.toThrow()
  await expect(store.put('t', registration)).rejects.toThrow()
  const server = await startRedis({ port })
  onTestFinished(server.stop)
  await until(() =>
    store.put('t', registration).then(
      () => true,
      () => false,
    ),
  )
  clock.advance(2_000)
  expect(await store.use('t')).toMatchObject({ context: { userId: 'u' } })
})

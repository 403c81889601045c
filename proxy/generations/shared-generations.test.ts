import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { startRedis } from '../../shared/testing/private-redis.ts'
import { createSharedGenerations } from './shared-generations.ts'

async function open() {
  const server = await startRedis()
  onTestFinished(server.stop)
  const redis = new Redis(server.url)
  onTestFinished(() => redis.disconnect())
  return { redis, shared: createSharedGenerations(redis, '{own}') }
}

test('of all that claim a generation one gets it', async () => {
  const { shared } = await open()
  await shared.put('a', 'record')
  const claims = await Promise.all(Array.from({ length: 20 }, () => shared.claim('a', false)))
  expect(claims.filter(({ kind }) => kind === 'open')).toEqual([{ kind: 'open', record: 'record' }])
  expect(claims.filter(({ kind }) => kind === 'taken')).toHaveLength(19)
})

test('one that Redis has lost is taken by the process that knows it, and by no other after it', async () => {
  const { shared } = await open()
  expect(await shared.claim('a', false)).toEqual({ kind: 'unknown' })
  expect(await shared.claim('a', true)).toEqual({ kind: 'unknown' })
  expect(await shared.claim('a', true)).toEqual({ kind: 'taken' })
})

test('begun again under the same id it is open again, and every key has a lifetime', async () => {
  const { redis, shared } = await open()
  await shared.put('a', 'first')
  await shared.claim('a', true)
  await shared.put('a', 'second')
  expect(await shared.claim('a', false)).toEqual({ kind: 'open', record: 'second' })
  const [key = ''] = await redis.keys('{own}:generation:*')
  expect(await redis.pttl(key)).toBeGreaterThan(0)
})

test('without Redis nothing is thrown', async () => {
  const redis = new Redis('redis://127.0.0.1:1', { enableOfflineQueue: false, lazyConnect: true })
  redis.on('error', () => undefined)
  onTestFinished(() => redis.disconnect())
  const shared = createSharedGenerations(redis, '{own}')
  await shared.put('a', 'record')
  expect(await shared.claim('a', true)).toEqual({ kind: 'unavailable' })
})

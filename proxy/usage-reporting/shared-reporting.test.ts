import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { queryConnection } from '../../shared/queue/redis.ts'
import { freePort, startRedis } from '../../shared/testing/private-redis.ts'
import { until } from '../../shared/testing/until.ts'
import { maxPairs } from './reporting.ts'
import { createSharedReporting } from './shared-reporting.ts'
import type { StoredPair } from './stored-reporting.ts'

async function aRedis(port?: number) {
  const server = await startRedis(port === undefined ? {} : { port })
  onTestFinished(server.stop)
  return server.url
}

function aProcess(url: string) {
  const redis = queryConnection(url)
  redis.on('error', () => undefined)
  const found = new Map<string, string>()
  const shared = createSharedReporting({
    redis,
    prefix: '{own}',
    now: Date.now,
    onFound: (pairs) => pairs.forEach(([pair, { reporting }]) => void found.set(pair, reporting)),
    pollMs: 10,
  })
  shared.start()
  onTestFinished(() => {
    shared.stop()
    redis.disconnect()
  })
  return { shared, found }
}

const pair = (name: string, forMs = 60_000): StoredPair => [
  name,
  { reporting: 'unsolicited', expiresAt: Date.now() + forMs },
]

test('what one process learns another one finds, also one that starts later', async () => {
  const url = await aRedis()
  const [here, there] = [aProcess(url), aProcess(url)]
  here.shared.share(pair('a m'))
  await until(() => there.found.get('a m') === 'unsolicited')
  there.shared.share(pair('b m'))
  await until(() => here.found.has('b m'))
  const later = aProcess(url)
  await until(() => later.found.size === 2)
})

test('while Redis is away nothing is thrown, and what was learned meanwhile is shared when it is back', async () => {
  const port = await freePort()
  const { shared } = aProcess(`redis://127.0.0.1:${port}`)
  shared.share(pair('a m'))
  const url = await aRedis(port)
  const other = aProcess(url)
  await until(() => other.found.has('a m'))
})

test('what is damaged or has expired is ignored and removed, and all of it has a lifetime', async () => {
  const url = await aRedis()
  const redis = new Redis(url)
  onTestFinished(() => redis.disconnect())
  await redis.hset('{own}:usage-reporting', 'x m', '{', 'y m', JSON.stringify(pair('y', -1)[1]))
  const { shared, found } = aProcess(url)
  shared.share(pair('a m'))
  await until(async () => (await redis.hkeys('{own}:usage-reporting')).join() === 'a m')
  expect([...found.keys()]).toEqual(['a m'])
  expect(await redis.pttl('{own}:usage-reporting')).toBeGreaterThan(0)
})

test('no more pairs are kept than one process remembers', async () => {
  const url = await aRedis()
  const redis = new Redis(url)
  onTestFinished(() => redis.disconnect())
  const many = Array.from({ length: maxPairs + 5 }, (_, n) => pair(`a ${n}`, 60_000 + n * 1_000))
  await redis.hset('{own}:usage-reporting', ...many.flatMap(([name, value]) => [name, JSON.stringify(value)]))
  const { shared } = aProcess(url)
  shared.share(pair('last', 9_000_000))
  await until(async () => (await redis.hlen('{own}:usage-reporting')) === maxPairs)
  expect(await redis.hexists('{own}:usage-reporting', 'a 0')).toBe(0)
})

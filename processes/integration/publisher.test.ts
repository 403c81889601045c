import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { createPublisher, type PublisherOptions } from '../../proxy/outbox/publisher.ts'
import { proxyLedger } from '../../proxy/spool/read-ledger.ts'
import type { Spool } from '../../proxy/spool/spool.ts'
import { putNumbers, testSpool } from '../../proxy/testing/test-spool.ts'
import { noCounts } from '../../shared/ledger/ledger.ts'
import { freePort, startRedis } from '../../shared/testing/private-redis.ts'
import { testQueue } from '../../shared/testing/test-queue.ts'
import { until } from '../../shared/testing/until.ts'
import { bullmqIntake } from '../../worker/intake/bullmq-intake.ts'

const queue = { queueName: 'packs', prefix: '{own}' }
const idleOutbox = { unspooled: () => 0 }
const never = new AbortController().signal

test('packs go through Redis to the worker, and the ledger follows them to the end', async () => {
  const names = testQueue()
  const { spool } = await publish(names)
  const delivered = await work(names)
  for (let number = 1; number <= 20; number++) await putNumbers(spool, number, -number)

  const readLedger = proxyLedger(spool, idleOutbox, connect(names.redisUrl), names)
  await until(async () => (await readLedger()).delivered === 40)
  expect(delivered.size).toBe(40)
  await until(async () => (await readLedger()).spooled === 0)
  expect(await readLedger()).toEqual({ ...noCounts, accepted: 40, spooled: 0, queued: 0, delivered: 40 })
})

test('a Redis that is down when the proxy starts gets everything when it comes', async () => {
  const port = await freePort()
  const names = { ...queue, redisUrl: `redis://127.0.0.1:${port}` }
  const { spool, told } = await publish(names)
  const delivered = await work(names)
  await putNumbers(spool, 1, 2)

  const server = await startRedis({ port })
  onTestFinished(server.stop)
  await until(() => delivered.size === 2)
  expect(told.at(-1)).toBe('ready')
  await until(() => spool.ledger().spooled === 0)
})

test('a Redis that is killed and comes back gets what it had not yet, and the application feels nothing', async () => {
  const first = await startRedis({ args: ['--appendonly', 'yes'] })
  onTestFinished(first.stop)
  const names = { ...queue, redisUrl: first.url }
  const { spool, told } = await publish(names)
  const delivered = await work(names)
  await putNumbers(spool, 1)
  await until(() => delivered.size === 1)

  await first.kill()
  await putNumbers(spool, 2, 3)
  await until(() => told.includes('disconnected'))
  expect(spool.ledger()).toMatchObject({ accepted: 3, spooled: 2, queued: 1 })

  const second = await startRedis({ port: first.port })
  onTestFinished(second.stop)
  await until(() => delivered.size === 3)
  await until(() => spool.ledger().queued === 3)
  expect(told.at(-1)).toBe('ready')
})

test('a Redis that hangs holds nothing up, and gets each pack once when it goes on', async () => {
  const server = await startRedis()
  onTestFinished(server.stop)
  const { spool, told } = await publish({ ...queue, redisUrl: server.url })
  await until(() => told.includes('ready'))
  server.freeze()
  await putNumbers(spool, 1)
  await putNumbers(spool, 2)
  await until(() => told.includes('timed_out'))
  expect(spool.ledger()).toMatchObject({ spooled: 2, queued: 0 })

  server.thaw()
  await until(() => spool.ledger().queued === 2)
  expect(await connect(server.url).llen('{own}:packs:wait')).toBe(2)
})

test('no more packs than may wait in Redis are handed to it', async () => {
  const names = testQueue()
  const { spool, told } = await publish({ ...names, maxPacks: 3 })
  for (let number = 1; number <= 10; number++) await putNumbers(spool, number)
  await until(() => told.includes('packs_full'))
  expect(await connect(names.redisUrl).llen(`${names.prefix}:packs:wait`)).toBe(3)

  const delivered = await work(names)
  await until(() => delivered.size === 10)
})

test('a Redis near its memory limit is left alone', async () => {
  const server = await startRedis({ args: ['--maxmemory-policy', 'noeviction'] })
  onTestFinished(server.stop)
  const redis = connect(server.url)
  await redis.set('somebody else', 'x'.repeat(20_000_000))
  await redis.config('SET', 'maxmemory', '25mb')
  const { spool, told } = await publish({ ...queue, redisUrl: server.url })
  await putNumbers(spool, 1)
  await until(() => told.includes('memory_full'))
  expect(spool.ledger()).toMatchObject({ spooled: 1, queued: 0 })

  await redis.del('somebody else')
  await until(() => spool.ledger().queued === 1)
})

test('stopping hands over what is still in the spool', async () => {
  const names = testQueue()
  const { spool, publisher, told } = await publish(names)
  await until(() => told.includes('ready'))
  const put = Array.from({ length: 50 }, (_, number) => putNumbers(spool, number))
  await Promise.all(put)
  await publisher.stop?.(never)
  expect(spool.ledger()).toMatchObject({ spooled: 0, queued: 50 })
})

test('stopping without Redis leaves everything in the spool, at once', async () => {
  const { spool, publisher } = await publish({ ...queue, redisUrl: `redis://127.0.0.1:${await freePort()}` })
  await putNumbers(spool, 1)
  await publisher.stop?.(never)
  expect(spool.ledger()).toMatchObject({ spooled: 1, queued: 0 })
  expect((await spool.take(AbortSignal.abort()))?.records).toBe(1)
})

type Names = Pick<PublisherOptions, 'queueName' | 'prefix' | 'redisUrl'>

async function publish(options: Names & Partial<PublisherOptions>) {
  const spool: Spool = await testSpool()
  const told: string[] = []
  const publisher = createPublisher({
    spool,
    maxPacks: 1_000,
    events: {
      queueReady: () => told.push('ready'),
      queueUnavailable: (reason) => told.push(reason),
      published: () => {},
      publishFailed: () => {},
    },
    ...options,
  })
  await publisher.start?.()
  onTestFinished(() => publisher.stop?.(AbortSignal.abort()))
  return { spool, publisher, told }
}

/** A worker that delivers everything. @returns the ids that it saw */
async function work(names: Names): Promise<ReadonlySet<string>> {
  const delivered = new Set<string>()
  const intake = bullmqIntake({
    ...names,
    packsAtOnce: 2,
    onUnreadable: async () => true,
    events: { packFailed: () => {}, queueReady: () => {}, queueUnavailable: () => {} },
  })
  await intake.start(async ({ records }) => {
    for (const { id } of records) delivered.add(id)
    return { settled: { ...noCounts, delivered: records.length }, remaining: [] }
  })
  onTestFinished(() => intake.stop(AbortSignal.abort()))
  return delivered
}

function connect(url: string): Redis {
  const redis = new Redis(url)
  onTestFinished(() => redis.disconnect())
  return redis
}

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

test('packs reach the worker through Redis, and the ledger follows them to delivery', async () => {
  const names = testQueue()
  const { spool, readLedger } = await startPublisher(names)
  const delivered = await startWorker(names)
  for (let number = 1; number <= 20; number++) await putNumbers(spool, number, -number)

  await until(async () => (await readLedger()).delivered === 40)
  expect(delivered.ids.size).toBe(40)
  await until(async () => (await readLedger()).spooled === 0)
  expect(await readLedger()).toEqual({ ...noCounts, accepted: 40, spooled: 0, queued: 0, delivered: 40 })
})

test('a Redis that is down when the proxy starts gets every pack once it is up', async () => {
  const port = await freePort()
  const names = { ...queue, redisUrl: `redis://127.0.0.1:${port}` }
  const { spool, reported } = await startPublisher(names)
  const delivered = await startWorker(names)
  await putNumbers(spool, 1, 2)

  const server = await startRedis({ port })
  onTestFinished(server.stop)
  await until(() => delivered.ids.size === 2)
  expect(reported.at(-1)).toBe('ready')
  await until(() => spool.ledger().spooled === 0)
})

test('a Redis that is killed and restarted gets the packs put meanwhile', async () => {
  const first = await startRedis({ args: ['--appendonly', 'yes'] })
  onTestFinished(first.stop)
  const names = { ...queue, redisUrl: first.url }
  const { spool, reported } = await startPublisher({ ...names, lostAfterMs: 50 })
  const delivered = await startWorker(names)
  await putNumbers(spool, 1)
  await until(() => delivered.ids.size === 1)

  await first.kill()
  await putNumbers(spool, 2, 3)
  await until(() => reported.includes('disconnected'))
  expect(spool.ledger()).toMatchObject({ accepted: 3, spooled: 2 })

  const second = await startRedis({ port: first.port })
  onTestFinished(second.stop)
  await until(() => delivered.ids.size === 3)
  // What the first one had to report is gone with it.
  await until(() => spool.ledger().delivered === 3)
  expect(reported.lastIndexOf('ready')).toBeGreaterThan(reported.indexOf('disconnected'))
})

test('packs stay in the spool while Redis hangs, and each is added once when it resumes', async () => {
  const server = await startRedis()
  onTestFinished(server.stop)
  const { spool, reported } = await startPublisher({ ...queue, redisUrl: server.url })
  await until(() => reported.includes('ready'))
  server.freeze()
  await putNumbers(spool, 1)
  await putNumbers(spool, 2)
  await until(() => reported.includes('timed_out'))
  expect(spool.ledger()).toMatchObject({ spooled: 2, queued: 0 })

  server.thaw()
  await until(() => spool.ledger().queued === 2)
  expect(await connect(server.url).llen('{own}:packs:wait')).toBe(2)
})

test('a Redis that loses its data gets what it lost again, and the ledger keeps what was delivered', async () => {
  const server = await startRedis()
  onTestFinished(server.stop)
  const names = { ...queue, redisUrl: server.url }
  const { spool, reported, readLedger } = await startPublisher({ ...names, lostAfterMs: 50 })
  const worker = await startWorker(names)
  await putNumbers(spool, 1, 2)
  await until(async () => (await readLedger()).delivered === 2)
  await worker.stop()
  await putNumbers(spool, 3, 4)
  await until(() => spool.ledger().queued === 2)

  await connect(server.url).flushall()
  await until(() => reported.includes('lost 2 0'))
  const delivered = await startWorker(names)
  await until(async () => (await readLedger()).delivered === 4)
  expect([...delivered.ids].sort()).toEqual(['3', '4'])
  expect(await readLedger()).toEqual({ ...noCounts, accepted: 4, spooled: 0, queued: 0, delivered: 4 })
})

test('at most maxPacks packs wait in Redis', async () => {
  const names = testQueue()
  const { spool, reported } = await startPublisher({ ...names, maxPacks: 3 })
  for (let number = 1; number <= 10; number++) await putNumbers(spool, number)
  await until(() => reported.includes('packs_full'))
  expect(await connect(names.redisUrl).llen(`${names.prefix}:packs:wait`)).toBe(3)

  const delivered = await startWorker(names)
  await until(() => delivered.ids.size === 10)
})

test('nothing is added to a Redis near its memory limit', async () => {
  const server = await startRedis({ args: ['--maxmemory-policy', 'noeviction'] })
  onTestFinished(server.stop)
  const redis = connect(server.url)
  await redis.set('somebody else', 'x'.repeat(20_000_000))
  await redis.config('SET', 'maxmemory', '25mb')
  const { spool, reported } = await startPublisher({ ...queue, redisUrl: server.url })
  await putNumbers(spool, 1)
  await until(() => reported.includes('memory_full'))
  expect(spool.ledger()).toMatchObject({ spooled: 1, queued: 0 })

  await redis.del('somebody else')
  await until(() => spool.ledger().queued === 1)
})

test('stopping publishes what is still in the spool', async () => {
  const names = testQueue()
  const { spool, publisher, reported } = await startPublisher(names)
  await until(() => reported.includes('ready'))
  const put = Array.from({ length: 50 }, (_, number) => putNumbers(spool, number))
  await Promise.all(put)
  await publisher.stop?.(never)
  expect(spool.ledger()).toMatchObject({ spooled: 0, queued: 50 })
})

test('stopping without Redis leaves everything in the spool, without waiting', async () => {
  const { spool, publisher } = await startPublisher({
    ...queue,
    redisUrl: `redis://127.0.0.1:${await freePort()}`,
  })
  await putNumbers(spool, 1)
  await publisher.stop?.(never)
  expect(spool.ledger()).toMatchObject({ spooled: 1, queued: 0 })
  expect((await spool.take(AbortSignal.abort()))?.records).toBe(1)
})

type Names = Pick<PublisherOptions, 'queueName' | 'prefix' | 'redisUrl'>

async function startPublisher(options: Names & Partial<PublisherOptions>) {
  const spool: Spool = await testSpool()
  const reported: string[] = []
  const publisher = createPublisher({
    spool,
    maxPacks: 1_000,
    events: {
      queueReady: () => reported.push('ready'),
      queueUnavailable: (reason) => reported.push(reason),
      published: () => {},
      publishFailed: () => {},
      lostByRedis: (waiting, dropped) => reported.push(`lost ${waiting} ${dropped}`),
    },
    ...options,
  })
  await publisher.start?.()
  onTestFinished(() => publisher.stop?.(AbortSignal.abort()))
  return { spool, publisher, reported, readLedger: proxyLedger(spool, idleOutbox, publisher.readOutcomes) }
}

/** Starts a worker that delivers everything. `ids` are those it has seen. */
async function startWorker(names: Names) {
  const delivered = new Set<string>()
  const intake = bullmqIntake({
    ...names,
    packsAtOnce: 2,
    onUnreadable: async () => true,
    events: { packOpened: () => {}, packFailed: () => {}, queueReady: () => {}, queueUnavailable: () => {} },
  })
  await intake.start(async ({ records }) => {
    for (const { id } of records) delivered.add(id)
    return { settled: { ...noCounts, delivered: records.length }, remaining: [] }
  })
  const stop = () => intake.stop(AbortSignal.abort())
  onTestFinished(stop)
  return { ids: delivered as ReadonlySet<string>, stop }
}

function connect(url: string): Redis {
  const redis = new Redis(url)
  onTestFinished(() => redis.disconnect())
  return redis
}

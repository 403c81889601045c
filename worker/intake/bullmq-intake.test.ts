import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test, vi } from 'vitest'
import { noCounts } from '../../shared/ledger/ledger.ts'
import type { Consume } from '../../shared/queue/carrier.ts'
import { readOutcomes } from '../../shared/queue/outcomes.ts'
import { type PackJob, type QueueNames, waitingKeys } from '../../shared/queue/queue-names.ts'
import { encodePack } from '../../shared/record/codec.ts'
import { numberedRecord } from '../../shared/testing/numbered-record.ts'
import { freePort, startRedis } from '../../shared/testing/private-redis.ts'
import { testQueue } from '../../shared/testing/test-queue.ts'
import { until } from '../../shared/testing/until.ts'
import { untilAborted } from '../../shared/timing/abort.ts'
import { bullmqIntake } from './bullmq-intake.ts'

const origin = '0123456789abcdef'

test('a pack over which too many workers died becomes a dead letter without being consumed again', async () => {
  const { redisUrl, ...names } = testQueue()
  const { redis, queue } = connect(redisUrl, names)
  const id = await send(queue, 1)
  await redis.hset(`${names.prefix}:${names.queueName}:${id}`, 'stc', 11)
  const { delivered, unreadable } = await startIntake({ redisUrl, ...names })

  await until(() => unreadable.length === 1)
  expect(unreadable).toEqual([`${id}: 11 workers died over it`])
  await until(async () => (await readOutcomes(redis, names, origin, 1)).length === 1)
  expect(await readOutcomes(redis, names, origin, 1)).toEqual([
    { pack: id, before: 1, settled: { ...noCounts, deadLettered: 1 } },
  ])
  await until(async () => (await queue.getJob(id)) === undefined)
  expect(delivered).toEqual([])
})

test('polling pauses while Redis is at its memory limit, and the queue is drained afterwards', async () => {
  const server = await startRedis({ args: ['--maxmemory-policy', 'noeviction'] })
  onTestFinished(server.stop)
  const names = { queueName: 'packs', prefix: '{own}' }
  const { redis, queue } = connect(server.url, names)
  for (let number = 1; number <= 20; number++) await send(queue, number)
  await redis.config('SET', 'maxmemory', '1')
  const { delivered, unavailable } = await startIntake({ redisUrl: server.url, ...names })

  await until(() => unavailable.some((reason) => reason.includes('OOM')))
  const before = await refusals(redis)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  // Without a pause there are thousands of them in a second.
  expect((await refusals(redis)) - before).toBeLessThan(20)

  await redis.config('SET', 'maxmemory', '0')
  await until(() => delivered.length === 20)
})

test('stopping does not hang while Redis is away, whether it was ever reachable or not', async () => {
  const unreachable = await startIntake({
    redisUrl: `redis://127.0.0.1:${await freePort()}`,
    queueName: 'packs',
    prefix: '{own}',
  })
  await until(() => unreachable.unavailable.length > 0)
  await unreachable.intake.stop(new AbortController().signal)

  const server = await startRedis()
  onTestFinished(server.stop)
  const killed = await startIntake({ redisUrl: server.url, queueName: 'packs', prefix: '{own}' })
  await until(() => killed.ready())
  await server.kill()
  await until(() => killed.unavailable.length > 0)
  await killed.intake.stop(new AbortController().signal)
})

test('what a worker leaves goes on at once, also with one whose clock is behind', async () => {
  const { redisUrl, ...names } = testQueue()
  const { queue } = connect(redisUrl, names)
  const stopping = new AbortController()
  const ahead = await startIntake({ redisUrl, ...names }, async ({ records }, signal) => {
    stopping.abort()
    await untilAborted(signal)
    return { settled: noCounts, remaining: records }
  })
  const clock = anHourAhead()
  await send(queue, 1)
  await untilAborted(stopping.signal)
  await ahead.intake.stop(AbortSignal.abort())
  clock.mockRestore()

  const { delivered } = await startIntake({ redisUrl, ...names })
  await until(() => delivered.length === 1)
})

test('what a worker put back goes on although its clock was set back since', async () => {
  const { redisUrl, ...names } = testQueue()
  const { redis, queue } = connect(redisUrl, names)
  const { delayed } = waitingKeys(names)
  const clock = anHourAhead()
  let consumed = 0
  await startIntake({ redisUrl, ...names, lookEveryMs: 20 }, async ({ records }) => {
    consumed += 1
    return consumed === 1
      ? { settled: noCounts, remaining: records }
      : { settled: { ...noCounts, delivered: records.length }, remaining: [] }
  })
  const id = await send(queue, 1)
  await until(async () => (await redis.zcard(delayed)) === 1)
  clock.mockRestore()
  await until(async () => (await queue.getJob(id)) === undefined)
  expect(consumed).toBe(2)
})

function anHourAhead() {
  const { now } = Date
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + 3_600_000)
  onTestFinished(() => clock.mockRestore())
  return clock
}

/** @param consume by default everything is delivered */
async function startIntake(
  options: QueueNames & { readonly redisUrl: string; readonly lookEveryMs?: number },
  consume?: Consume,
) {
  const delivered: string[] = []
  const unreadable: string[] = []
  const unavailable: string[] = []
  let ready = false
  const intake = bullmqIntake({
    ...options,
    packsAtOnce: 2,
    onUnreadable: async ({ id }, cause) => {
      unreadable.push(`${id}: ${cause.message}`)
      return true
    },
    events: {
      packOpened: () => {},
      packFailed: () => {},
      queueReady: () => {
        ready = true
      },
      queueUnavailable: (reason) => unavailable.push(reason),
    },
  })
  const deliverAll: Consume = async ({ records }) => {
    delivered.push(...records.map(({ id }) => id))
    return { settled: { ...noCounts, delivered: records.length }, remaining: [] }
  }
  await intake.start(consume ?? deliverAll)
  onTestFinished(() => intake.stop(AbortSignal.abort()))
  return { intake, delivered, unreadable, unavailable, ready: () => ready }
}

function connect(redisUrl: string, { queueName, prefix }: QueueNames) {
  const redis = new Redis(redisUrl)
  redis.on('error', () => {})
  onTestFinished(() => redis.disconnect())
  return { redis, queue: new Queue<PackJob>(queueName, { connection: redis, prefix }) }
}

async function send(queue: Queue<PackJob>, number: number): Promise<string> {
  const id = `p-${origin}-${number}`
  const pack = encodePack(id, origin, [JSON.stringify(numberedRecord(number))])
  await queue.add('pack', { pack, records: 1 }, { jobId: id })
  return id
}

/** Commands that Redis refused since it started. */
async function refusals(redis: Redis): Promise<number> {
  const counts = (await redis.info('errorstats')).matchAll(/errorstat_OOM:count=(\d+)/g)
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
}

import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { embeddedLedger, proxyLedger } from '../../proxy/spool/read-ledger.ts'
import { spoolIntake } from '../../proxy/spool/spool-intake.ts'
import { testSpool } from '../../proxy/testing/test-spool.ts'
import { noCounts, type ReadLedger } from '../../shared/ledger/ledger.ts'
import type { Consume, Intake, Settlement } from '../../shared/queue/carrier.ts'
import { readOutcomes, removeOutcomes } from '../../shared/queue/outcomes.ts'
import type { PackJob } from '../../shared/queue/queue-names.ts'
import type { OnUnreadable } from '../../shared/queue/settlement.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { numberedRecord } from '../../shared/testing/numbered-record.ts'
import { testQueue } from '../../shared/testing/test-queue.ts'
import { until } from '../../shared/testing/until.ts'
import { bullmqIntake } from '../../worker/intake/bullmq-intake.ts'
import { workerLedger } from '../../worker/intake/worker-ledger.ts'

/** One way of packs to a worker, as these tests need it. */
type Carrier = {
  /** Sends records as one pack. */
  send(...records: readonly object[]): Promise<void>
  /** A new worker's intake, also after an earlier one has stopped. */
  intake(options?: { onUnreadable?: OnUnreadable }): Intake
  readLedger: ReadLedger
}

const quick = { baseMs: 5, maxMs: 20 }
const never = new AbortController().signal

describe.each([
  ['from the spool', spoolCarrier],
  ['through BullMQ', bullmqCarrier],
])('%s', (_, createCarrier) => {
  test('every record is delivered once when packs are settled in parts', async () => {
    const carrier = await createCarrier()
    const delivered: string[] = []
    await run(carrier.intake(), async ({ records }) => {
      const [first, ...remaining] = records
      if (first !== undefined) delivered.push(first.id)
      return { settled: { ...noCounts, delivered: 1 }, remaining }
    })
    for (let pack = 0; pack < 10; pack++)
      await carrier.send(numberedRecord(pack * 3), numberedRecord(pack * 3 + 1), numberedRecord(pack * 3 + 2))

    await until(() => delivered.length === 30)
    expect(delivered.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n))
    await until(async () => (await carrier.readLedger()).delivered === 30)
    expect(await carrier.readLedger()).toEqual({
      ...noCounts,
      accepted: 30,
      spooled: 0,
      queued: 0,
      delivered: 30,
    })
  })

  test('a pack that failed comes back whole, and does not hold up others', async () => {
    const carrier = await createCarrier()
    const delivered: string[] = []
    let failures = 0
    await run(carrier.intake(), async ({ records }) => {
      if (records[0]?.id === '1' && failures++ < 3) throw new Error('not now')
      delivered.push(...records.map(({ id }) => id))
      return all(records)
    })
    await carrier.send(numberedRecord(1), numberedRecord(2))
    await carrier.send(numberedRecord(3))

    await until(() => delivered.length === 3)
    expect(delivered).toEqual(['3', '1', '2'])
    expect(failures).toBe(4)
  })

  test('a settlement that omits a record settles nothing', async () => {
    const carrier = await createCarrier()
    let times = 0
    await run(carrier.intake(), async ({ records }) => {
      if (times++ === 0) return { settled: { ...noCounts, delivered: 1 }, remaining: [] }
      return all(records)
    })
    await carrier.send(numberedRecord(1), numberedRecord(2))
    await until(async () => (await carrier.readLedger()).delivered > 0)
    expect(await carrier.readLedger()).toMatchObject({ accepted: 2, delivered: 2, queued: 0, spooled: 0 })
  })

  test('an unreadable pack is kept unchanged as a dead letter, and others are delivered', async () => {
    const carrier = await createCarrier()
    const unreadable: { text: string; cause: Error }[] = []
    let times = 0
    const onUnreadable: OnUnreadable = async ({ text }, cause) => {
      if (times++ === 0) throw new Error('the folder of dead letters is away for a moment')
      unreadable.push({ text, cause })
      return true
    }
    await run(carrier.intake({ onUnreadable }), async ({ records }) => all(records))
    await carrier.send({ v: 2 }, { v: 2 }, { v: 2 }, { v: 2 })
    await carrier.send(numberedRecord(1))

    await until(async () => (await carrier.readLedger()).deadLettered > 0)
    await until(async () => (await carrier.readLedger()).delivered > 0)
    expect(unreadable.length).toBe(1)
    expect(JSON.parse(unreadable[0]?.text ?? '').records).toEqual([{ v: 2 }, { v: 2 }, { v: 2 }, { v: 2 }])
    expect(unreadable[0]?.cause.message).toBe('it holds something that is not a record')
    expect(await carrier.readLedger()).toMatchObject({
      accepted: 5,
      delivered: 1,
      deadLettered: 4,
      queued: 0,
    })
  })

  test('what remains at a stop is consumed after the next start', async () => {
    const carrier = await createCarrier()
    const first = carrier.intake()
    let taken = false
    await first.start(async ({ records }, signal) => {
      taken = true
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return { settled: { ...noCounts, delivered: 1 }, remaining: records.slice(1) }
    })
    await carrier.send(numberedRecord(1), numberedRecord(2), numberedRecord(3))
    await until(() => taken)
    await first.stop(AbortSignal.abort())
    expect(await carrier.readLedger()).toMatchObject({ accepted: 3, delivered: 1 })

    const seen: string[] = []
    await run(carrier.intake(), async ({ records }) => {
      seen.push(...records.map(({ id }) => id))
      return all(records)
    })
    await until(async () => (await carrier.readLedger()).delivered === 3)
    expect(seen).toEqual(['2', '3'])
  })

  test('stopping waits for packs that are being consumed', async () => {
    const carrier = await createCarrier()
    const intake = carrier.intake()
    let finish = () => {}
    const taken = new Promise<void>((resolve) => {
      void intake.start(async ({ records }) => {
        resolve()
        await new Promise<void>((done) => {
          finish = done
        })
        return all(records)
      })
    })
    await carrier.send(numberedRecord(1))
    await taken
    const stopped = intake.stop(never)
    finish()
    await stopped
    expect(await carrier.readLedger()).toMatchObject({ delivered: 1, queued: 0, spooled: 0 })
  })

  test('the ledger of a worker counts what it has taken and the outcomes', async () => {
    const carrier = await createCarrier()
    const ledger = workerLedger()
    let times = 0
    const consume = ledger.countConsumed(async ({ records }) => {
      expect(await ledger.read()).toMatchObject({ queued: records.length })
      if (times++ === 0) return { settled: { ...noCounts, deadLettered: 1 }, remaining: records.slice(1) }
      return all(records)
    })
    await run(carrier.intake({ onUnreadable: ledger.countUnreadable(async () => false) }), consume)
    await carrier.send(numberedRecord(1), numberedRecord(2), numberedRecord(3))
    await carrier.send({ v: 2 })
    await until(async () => (await carrier.readLedger()).delivered === 2)
    await until(async () => (await carrier.readLedger()).dropped.dead_letters_full === 1)
    expect(await ledger.read()).toEqual({
      accepted: 4,
      spooled: 0,
      queued: 0,
      delivered: 2,
      deadLettered: 1,
      dropped: { dead_letters_full: 1 },
    })
  })
})

const silent = {
  packOpened: () => {},
  packFailed: () => {},
  queueReady: () => {},
  queueUnavailable: () => {},
}
const idleOutbox = { unspooled: () => 0 }

const rejectAll: OnUnreadable = async () => {
  throw new Error('no pack of this test is unreadable')
}

async function spoolCarrier(): Promise<Carrier> {
  const spool = await testSpool()
  return {
    send: (...records) => spool.put(records.map((record) => JSON.stringify(record))),
    intake: ({ onUnreadable = rejectAll } = {}) =>
      spoolIntake(spool, { packsAtOnce: 2, onUnreadable, events: silent, backoff: quick }),
    readLedger: embeddedLedger(spool, idleOutbox),
  }
}

async function bullmqCarrier(): Promise<Carrier> {
  const names = testQueue()
  const spool = await testSpool()
  const redis = new Redis(names.redisUrl)
  onTestFinished(() => redis.disconnect())
  const queue = new Queue<PackJob>(names.queueName, { connection: redis, prefix: names.prefix })
  return {
    async send(...records) {
      await spool.put(records.map((record) => JSON.stringify(record)))
      const pack = await spool.take(AbortSignal.abort())
      if (pack === undefined) throw new Error('nothing to send')
      const job = { pack: pack.text, records: pack.records }
      await queue.add('pack', job, { jobId: pack.id, attempts: 1_000, backoff: { type: 'worker' } })
      await spool.published(pack)
    },
    intake: ({ onUnreadable = rejectAll } = {}) =>
      bullmqIntake({ ...names, packsAtOnce: 2, onUnreadable, events: silent, backoff: quick }),
    readLedger: proxyLedger(spool, idleOutbox, async () => {
      const outcomes = await readOutcomes(redis, names, spool.origin, 100)
      await spool.settlePublished(outcomes.filter((outcome) => outcome !== undefined))
      await removeOutcomes(redis, names, spool.origin, outcomes.length)
    }),
  }
}

async function run(intake: Intake, consume: Consume): Promise<void> {
  await intake.start(consume)
  onTestFinished(() => intake.stop(AbortSignal.abort()))
}

function all(records: readonly InferenceRecord[]): Settlement {
  return { settled: { ...noCounts, delivered: records.length }, remaining: [] }
}

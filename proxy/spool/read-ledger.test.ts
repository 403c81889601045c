import { expect, onTestFinished, test } from 'vitest'
import { noCounts } from '../../shared/ledger/ledger.ts'
import { packId } from '../../shared/queue/pack-id.ts'
import { queryConnection } from '../../shared/queue/redis.ts'
import { countSettled } from '../../shared/queue/settled-counts.ts'
import { testQueue } from '../../shared/testing/test-queue.ts'
import { putNumbers, testSpool } from '../testing/test-spool.ts'
import { embeddedLedger, proxyLedger } from './read-ledger.ts'

const idleOutbox = { unspooled: () => 0 }

test('records in the outbox count as accepted and spooled', async () => {
  const spool = await testSpool()
  await putNumbers(spool, 1)
  expect(await embeddedLedger(spool, { unspooled: () => 2 })()).toMatchObject({ accepted: 3, spooled: 3 })
})

test('a pack that a worker settles before the spool has noted its publication is not counted twice', async () => {
  const { redisUrl, ...names } = testQueue()
  const redis = queryConnection(redisUrl)
  onTestFinished(() => redis.disconnect())
  await new Promise((resolve) => redis.once('ready', resolve))
  const spool = await testSpool()
  await putNumbers(spool, 1, 2, 3)
  await countSettled(redis, names, packId(spool.origin, 1), 3, { ...noCounts, delivered: 2 })

  const readLedger = proxyLedger(spool, idleOutbox, redis, names)
  const expected = { ...noCounts, accepted: 3, spooled: 1, queued: 0, delivered: 2 }
  expect(await readLedger()).toEqual(expected)
  redis.disconnect()
  expect(await readLedger()).toEqual(expected)
})

import { expect, test } from 'vitest'
import { noCounts } from '../../shared/ledger/ledger.ts'
import { packId } from '../../shared/queue/pack-id.ts'
import { putNumbers, testSpool } from '../testing/test-spool.ts'
import { embeddedLedger, proxyLedger } from './read-ledger.ts'

const idleOutbox = { unspooled: () => 0 }

test('records in the outbox count as accepted and spooled', async () => {
  const spool = await testSpool()
  await putNumbers(spool, 1)
  expect(await embeddedLedger(spool, { unspooled: () => 2 })()).toMatchObject({ accepted: 3, spooled: 3 })
})

test('outcomes are read before the ledger is, and one that cannot be read leaves it as it was', async () => {
  const spool = await testSpool()
  await putNumbers(spool, 1, 2, 3)
  const outcome = { pack: packId(spool.origin, 1), before: 3, settled: { ...noCounts, delivered: 2 } }
  const expected = { ...noCounts, accepted: 3, spooled: 1, queued: 0, delivered: 2 }
  const readLedger = proxyLedger(spool, idleOutbox, () => spool.settlePublished([outcome]))
  expect(await readLedger()).toEqual(expected)
  const failing = proxyLedger(spool, idleOutbox, () => Promise.reject(new Error('Redis is away')))
  expect(await failing()).toEqual(expected)
})

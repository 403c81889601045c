import { expect, test } from 'vitest'
import { noCounts } from '../../shared/ledger/ledger.ts'
import { packId } from '../../shared/queue/pack-id.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { silentSpool, testSpool } from '../testing/test-spool.ts'
import type { Spool } from './spool.ts'

const noWait = AbortSignal.abort()

test('a published pack is queued until its outcome is known, and then gone', async () => {
  const spool = await testSpool()
  const id = await publish(spool, '1', '2')
  expect(spool.ledger()).toMatchObject({ accepted: 2, spooled: 0, queued: 2 })
  expect(spool.size()).toEqual({ bytes: 0, waitingPacks: 0 })
  await spool.settlePublished([outcome(id, 2, 2)])
  expect(spool.ledger()).toMatchObject({ accepted: 2, queued: 0, delivered: 2 })
  expect(spool.publishedFor(0)).toEqual([])
})

test('a pack settled in parts is counted in parts, and each part once', async () => {
  const spool = await testSpool()
  const id = await publish(spool, '1', '2', '3', '4', '5')
  const [first, second] = [outcome(id, 5, 3), outcome(id, 2, 2)]
  await spool.settlePublished([first, first])
  expect(spool.ledger()).toMatchObject({ queued: 2, delivered: 3 })
  await spool.settlePublished([first, second, second])
  expect(spool.ledger()).toMatchObject({ accepted: 5, queued: 0, delivered: 5 })
})

test('a pack that is processed twice is counted once, whatever its second outcome', async () => {
  const spool = await testSpool()
  const id = await publish(spool, '1', '2', '3', '4', '5')
  const settled = { delivered: 4, deadLettered: 1, dropped: {} }
  await spool.settlePublished([outcome(id, 5, 3), { pack: id, before: 5, settled }])
  expect(spool.ledger()).toMatchObject({ accepted: 5, queued: 0, delivered: 5, deadLettered: 0 })
})

test('an outcome that is reported before the hand-over was answered settles the pack all the same', async () => {
  const spool = await testSpool()
  await spool.put(['1'])
  const pack = await take(spool)
  await spool.settlePublished([outcome(pack.id, 1, 1)])
  await spool.published(pack)
  expect(spool.ledger()).toMatchObject({ accepted: 1, spooled: 0, queued: 0, delivered: 1 })
})

test('what Redis has lost waits to be published again, whole, and is counted once', async () => {
  const spool = await testSpool()
  const id = await publish(spool, '1', '2', '3')
  await spool.settlePublished([outcome(id, 3, 1)])
  expect(spool.publishedFor(0)).toEqual([id])
  expect(await spool.lostByRedis([id, packId(spool.origin, 99), 'p-beef-1'])).toEqual({
    waiting: 2,
    dropped: 0,
  })
  expect(spool.ledger()).toMatchObject({ spooled: 2, queued: 0, delivered: 1 })
  const again = await take(spool)
  expect(again).toMatchObject({ id, records: 3 })
  expect(JSON.parse(again.text).records).toEqual([1, 2, 3])
  await spool.published(again)
  await spool.settlePublished([outcome(id, 3, 3)])
  expect(spool.ledger()).toMatchObject({ accepted: 3, spooled: 0, queued: 0, delivered: 3 })
})

test('a worker in the same process that gets a pack settled in part counts the rest of it', async () => {
  const spool = await testSpool()
  const id = await publish(spool, '1', '2', '3')
  await spool.settlePublished([outcome(id, 3, 1)])
  await spool.lostByRedis([id])
  await spool.settle(await take(spool), { ...noCounts, delivered: 3 }, [])
  expect(spool.ledger()).toMatchObject({ accepted: 3, spooled: 0, delivered: 3 })
})

test('a full spool gives up copies of published packs first; what Redis loses of those is dropped', async () => {
  const drops: unknown[] = []
  const dir = tempDir()
  const events = { ...silentSpool, dropped: (...drop: unknown[]) => void drops.push(drop) }
  const text = `"${'x'.repeat(200)}"`
  const first = await testSpool({ dir, maxBytes: 700, events })
  const ids = [await publish(first, text), await publish(first, text)]
  await first.put([text])
  await first.put([text])
  expect(drops).toEqual([])
  expect(first.ledger()).toMatchObject({ spooled: 2, queued: 2 })
  await first.close()

  // After a restart Redis may still have it: it is not published again, because there is nothing to publish.
  const second = await testSpool({ dir, maxBytes: 700, events })
  expect(second.publishedFor(0)).toEqual(ids)
  expect(await second.lostByRedis(ids)).toEqual({ waiting: 0, dropped: 2 })
  expect(drops).toEqual([
    [1, 'redis_lost'],
    [1, 'redis_lost'],
  ])
  expect(second.ledger()).toMatchObject({ accepted: 4, spooled: 2, queued: 0, dropped: { redis_lost: 2 } })
})

test('after a restart a published pack is published again, under its id, and settled once', async () => {
  const dir = tempDir()
  const first = await testSpool({ dir })
  const id = await publish(first, '1')
  await first.close()
  const second = await testSpool({ dir })
  expect(second.ledger()).toMatchObject({ accepted: 1, spooled: 1 })
  const again = await take(second)
  expect(again.id).toBe(id)
  await second.published(again)
  await second.settlePublished([outcome(id, 1, 1), outcome(id, 1, 1)])
  expect(second.ledger()).toMatchObject({ accepted: 1, spooled: 0, queued: 0, delivered: 1 })
})

test('a dead letter that was delivered after all is counted, and never more than there are', async () => {
  const spool = await testSpool()
  const id = await publish(spool, '1')
  await spool.settlePublished([{ pack: id, before: 1, settled: { ...noCounts, deadLettered: 1 } }])
  await spool.settlePublished([{ replayed: 1 }, { replayed: 1 }])
  expect(spool.ledger()).toMatchObject({ accepted: 1, delivered: 1, deadLettered: 0 })
})

async function publish(spool: Spool, ...records: readonly string[]): Promise<string> {
  await spool.put(records)
  const pack = await take(spool)
  await spool.published(pack)
  return pack.id
}

async function take(spool: Spool) {
  const pack = await spool.take(noWait)
  if (pack === undefined) throw new Error('the spool has no pack')
  return pack
}

const outcome = (pack: string, before: number, delivered: number) => ({
  pack,
  before,
  settled: { ...noCounts, delivered },
})

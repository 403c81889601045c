import { expect, test } from 'vitest'
import { decodePack } from '../../shared/record/codec.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { numberedRecord } from '../../shared/testing/numbered-record.ts'
import { embeddedLedger } from '../spool/read-ledger.ts'
import type { Spool } from '../spool/spool.ts'
import { testSpool } from '../testing/test-spool.ts'
import { createOutbox, defaultOutboxLimits, type OutboxLimits } from './outbox.ts'

const none = AbortSignal.abort()
const never = new AbortController().signal
const forEver = { ...defaultOutboxLimits, lingerMs: 1e6 }

test('records wait for each other until the pack has its number', async () => {
  const { outbox, spool } = await create({ ...forEver, packRecords: 3 })
  for (let number = 1; number <= 4; number++) outbox.accept(numberedRecord(number))
  expect(ids(await spool.take(never))).toEqual(['1', '2', '3'])
  expect(outbox.unspooled()).toBe(1)
})

test('a pack is closed before it gets too large, and a record that is larger than a pack is one', async () => {
  const size = JSON.stringify(numberedRecord(1)).length
  const { outbox, spool } = await create({ ...forEver, packBytes: size * 2.5 })
  outbox.accept(numberedRecord(1))
  outbox.accept(numberedRecord(2))
  outbox.accept({ ...numberedRecord(3), input: 'x'.repeat(size * 3) })
  outbox.accept(numberedRecord(4))
  await outbox.flush()
  expect(ids(await spool.take(none))).toEqual(['1', '2'])
  expect(ids(await spool.take(none))).toEqual(['3'])
  expect(ids(await spool.take(none))).toEqual(['4'])
})

test('a lonely record does not wait for ever', async () => {
  const { outbox, spool } = await create({ ...defaultOutboxLimits, lingerMs: 5 })
  outbox.accept(numberedRecord(1))
  expect(ids(await spool.take(never))).toEqual(['1'])
})

test('half of a surrogate pair survives the way', async () => {
  const { outbox, spool } = await create(forEver)
  outbox.accept({ ...numberedRecord(1), input: 'cut \ud83d' })
  await outbox.flush()
  expect(decodePack((await spool.take(none))?.text ?? '').records[0]?.input).toBe('cut \ud83d')
})

test('what cannot be written as JSON, or never fits, is counted and harms nobody', async () => {
  const { outbox, readLedger } = await create({ ...forEver, waitingBytes: 2_000 })
  const input = { toJSON: () => JSON.parse('not JSON') }
  outbox.accept({ ...numberedRecord(1), input } as unknown as InferenceRecord)
  outbox.accept({ ...numberedRecord(2), input: 'x'.repeat(2_000) })
  outbox.accept(numberedRecord(3))
  expect(await readLedger()).toMatchObject({ accepted: 3, spooled: 1, dropped: { unwritable: 2 } })
})

test('when too much waits in memory new records are not taken, until the spool has the older ones', async () => {
  const { outbox, readLedger } = await create({ ...forEver, waitingBytes: 1_000 })
  for (let number = 1; number <= 4; number++) outbox.accept(numberedRecord(number))
  expect(await readLedger()).toMatchObject({ accepted: 4, spooled: 2, dropped: { memory_full: 2 } })
  await outbox.flush()
  outbox.accept(numberedRecord(5))
  expect(await readLedger()).toMatchObject({ accepted: 5, spooled: 3, dropped: { memory_full: 2 } })
})

async function create(limits: OutboxLimits) {
  const spool = await testSpool()
  const outbox = createOutbox({ spool, limits, events: { accepted: () => {} } })
  return { spool, outbox, readLedger: embeddedLedger(spool, outbox) }
}

function ids(pack: Awaited<ReturnType<Spool['take']>>): string[] {
  return decodePack(pack?.text ?? '').records.map(({ id }) => id)
}

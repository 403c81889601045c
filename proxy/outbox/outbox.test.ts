import { expect, test } from 'vitest'
import { decodePack } from '../../shared/record/codec.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { numberedRecord } from '../../shared/testing/numbered-record.ts'
import { embeddedLedger } from '../spool/read-ledger.ts'
import type { Spool } from '../spool/spool.ts'
import { testSpool } from '../testing/test-spool.ts'
import { createOutbox, defaultOutboxLimits, type OutboxLimits } from './outbox.ts'

const noWait = AbortSignal.abort()
const never = new AbortController().signal
const endlessLinger = { ...defaultOutboxLimits, lingerMs: 1e6 }

test('records wait for others until their pack is full', async () => {
  const { outbox, spool } = await create({ ...endlessLinger, packRecords: 3 })
  for (let number = 1; number <= 4; number++) outbox.accept(numberedRecord(number))
  expect(ids(await spool.take(never))).toEqual(['1', '2', '3'])
  expect(outbox.unspooled()).toBe(1)
})

test('a pack is closed before it gets too large, and a record larger than a pack is a pack of its own', async () => {
  const size = JSON.stringify(numberedRecord(1)).length
  const { outbox, spool } = await create({ ...endlessLinger, packBytes: size * 2.5 })
  outbox.accept(numberedRecord(1))
  outbox.accept(numberedRecord(2))
  outbox.accept({ ...numberedRecord(3), input: 'x'.repeat(size * 3) })
  outbox.accept(numberedRecord(4))
  await outbox.flush()
  expect(ids(await spool.take(noWait))).toEqual(['1', '2'])
  expect(ids(await spool.take(noWait))).toEqual(['3'])
  expect(ids(await spool.take(noWait))).toEqual(['4'])
})

test('a single record is written after the linger time', async () => {
  const { outbox, spool } = await create({ ...defaultOutboxLimits, lingerMs: 5 })
  outbox.accept(numberedRecord(1))
  expect(ids(await spool.take(never))).toEqual(['1'])
})

test('an unpaired surrogate survives encoding', async () => {
  const { outbox, spool } = await create(endlessLinger)
  outbox.accept({ ...numberedRecord(1), input: 'cut \ud83d' })
  await outbox.flush()
  expect(decodePack((await spool.take(noWait))?.text ?? '').records[0]?.input).toBe('cut \ud83d')
})

test('a record that cannot be serialised, or exceeds every limit, is dropped and counted', async () => {
  const { outbox, readLedger } = await create({ ...endlessLinger, waitingBytes: 2_000 })
  const input = { toJSON: () => JSON.parse('not JSON') }
  outbox.accept({ ...numberedRecord(1), input } as unknown as InferenceRecord)
  outbox.accept({ ...numberedRecord(2), input: 'x'.repeat(2_000) })
  outbox.accept(numberedRecord(3))
  expect(await readLedger()).toMatchObject({ accepted: 3, spooled: 1, dropped: { unwritable: 2 } })
})

test('at the memory limit new records are dropped, until the spool has the older ones', async () => {
  const { outbox, readLedger, settled } = await create({ ...endlessLinger, waitingBytes: 1_000 })
  for (let number = 1; number <= 4; number++) outbox.accept(numberedRecord(number))
  expect(settled()).toBe(2)
  expect(await readLedger()).toMatchObject({ accepted: 4, spooled: 2, dropped: { memory_full: 2 } })
  await outbox.flush()
  expect(settled()).toBe(4)
  outbox.accept(numberedRecord(5))
  expect(await readLedger()).toMatchObject({ accepted: 5, spooled: 3, dropped: { memory_full: 2 } })
})

async function create(limits: OutboxLimits) {
  const spool = await testSpool()
  let settled = 0
  const add = (records: number): void => {
    settled += records
  }
  const events = { accepted: () => {}, settled: (records: number) => add(records), packClosed: () => {} }
  const outbox = createOutbox({ spool, limits, events })
  return { spool, outbox, settled: () => settled, readLedger: embeddedLedger(spool, outbox) }
}

function ids(pack: Awaited<ReturnType<Spool['take']>>): string[] {
  return decodePack(pack?.text ?? '').records.map(({ id }) => id)
}

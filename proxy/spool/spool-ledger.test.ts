import { expect, test } from 'vitest'
import { noCounts } from '../../shared/ledger/ledger.ts'
import {
  emptyLedger,
  joinLedgers,
  parseLedger,
  toLedger,
  withDropped,
  withPack,
  withRejected,
  withReplayed,
  withSettled,
} from './spool-ledger.ts'

test('every accepted record is spooled, queued, delivered, dead-lettered or dropped', () => {
  let ledger = withPack(emptyLedger, 1, 10)
  ledger = withRejected(ledger, 2, 'memory_full')
  ledger = withDropped(ledger, 3, 'spool_full')
  ledger = withSettled(ledger, { delivered: 1, deadLettered: 2, dropped: { sampled_out: 1 } })
  ledger = withReplayed(ledger, 1)
  expect(toLedger(ledger, 2, 1)).toEqual({
    accepted: 12,
    spooled: 2,
    queued: 1,
    delivered: 2,
    deadLettered: 1,
    dropped: { memory_full: 2, spool_full: 3, sampled_out: 1 },
  })
})

test('the next number follows that of the last pack, also after a jump', () => {
  expect(withPack(withPack(emptyLedger, 1, 1), 1_700_000_000_000, 1).nextNumber).toBe(1_700_000_000_001)
})

test('joining ledgers adds their counts and continues the higher number', () => {
  const before = withSettled(withPack(emptyLedger, 41, 5), { ...noCounts, delivered: 2 })
  const meanwhile = withPack(emptyLedger, 7, 3)
  expect(joinLedgers(before, meanwhile)).toEqual({
    ...noCounts,
    accepted: 8,
    delivered: 2,
    nextNumber: 42,
  })
})

test('records whose outcome an older version counted in Redis are not counted here', () => {
  const written = JSON.stringify({ ...emptyLedger, accepted: 5, published: 3, delivered: 1 })
  expect(parseLedger(written)).toEqual({ ...emptyLedger, accepted: 2, delivered: 1 })
})

test('a ledger is read back as it was written; fields that an older version did not write are empty', () => {
  const ledger = withRejected(withPack(emptyLedger, 1, 10), 2, 'memory_full')
  expect(parseLedger(JSON.stringify(ledger))).toEqual(ledger)
  expect(parseLedger('{"accepted":3}')).toEqual({ ...emptyLedger, accepted: 3 })
  expect(parseLedger(undefined)).toBeUndefined()
  expect(parseLedger('not JSON')).toBeUndefined()
})

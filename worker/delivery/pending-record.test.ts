import { expect, test } from 'vitest'
import { aRecord } from '../testing/records.ts'
import { createPendingRecord } from './pending-record.ts'

test('the first outcome of a record stands', () => {
  const pending = createPendingRecord(aRecord(), 'test', 0, 100)
  expect(pending.outcome()).toBeUndefined()
  pending.settle({ kind: 'remaining' })
  pending.settle({ kind: 'dead_lettered' })
  expect(pending.outcome()).toEqual({ kind: 'remaining' })
})

test('failed attempts are counted while a record is pending', () => {
  const pending = createPendingRecord(aRecord(), 'test', 0, 100)
  expect([pending.attemptFailed(), pending.attemptFailed()]).toEqual([1, 2])
  pending.settle({ kind: 'delivered' })
  pending.attemptFailed()
  expect(pending.outcome()).toEqual({ kind: 'delivered' })
})

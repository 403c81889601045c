import { expect, test } from 'vitest'
import { emptyLedger, withPack } from './spool-ledger.ts'
import { createSpoolMetadata } from './spool-metadata.ts'

const nothing = { packKeys: [], origin: undefined, ledger: undefined }
const earlier = { ...nothing, origin: 'beef', ledger: JSON.stringify(withPack(emptyLedger, 1, 5)) }

test('the name and the counts of an earlier process are taken over, and joined with those made meanwhile', () => {
  const metadata = createSpoolMetadata()
  metadata.update(withPack(metadata.ledger, 9, 2))
  expect(metadata.restore(earlier)).toBe(true)
  expect(metadata.origin).toBe('beef')
  expect(metadata.ledger).toEqual({ ...emptyLedger, accepted: 7, nextNumber: 10 })
  expect(metadata.changes()).toEqual([
    ['meta!origin', 'beef'],
    ['meta!ledger', JSON.stringify(metadata.ledger)],
  ])
})

test('what the disk has is counted once, however often it is opened again', () => {
  const metadata = createSpoolMetadata()
  metadata.restore(nothing)
  const { origin } = metadata
  expect(origin).toMatch(/^[0-9a-f]{16}$/)
  expect(metadata.restore(earlier)).toBe(false)
  expect(metadata.origin).toBe(origin)
  expect(metadata.ledger).toEqual(emptyLedger)
})

import { expect, test } from 'vitest'
import { noCounts } from '../ledger/ledger.ts'
import { encodePack, UnreadablePack } from '../record/codec.ts'
import { numberedRecord } from '../testing/numbered-record.ts'
import type { Consume } from './carrier.ts'
import { consumePack, type EncodedPack } from './settlement.ts'

const never = new AbortController().signal
const twoRecords = encoded(JSON.stringify(numberedRecord(1)), JSON.stringify(numberedRecord(2)))

test('a pack is consumed under the id that its carrier has for it', async () => {
  const settlement = { settled: { ...noCounts, delivered: 1 }, remaining: [numberedRecord(2)] }
  const seen: string[] = []
  const consume: Consume = async ({ id, records }) => {
    seen.push(id, ...records.map((record) => record.id))
    return settlement
  }
  expect(await consumePack(twoRecords, consume, keepNone, never)).toBe(settlement)
  expect(seen).toEqual(['p-beef-7', '1', '2'])
})

test.each([
  ['too few', 1],
  ['too many', 3],
])('a settlement that accounts for %s records is refused', async (_what, delivered) => {
  const consume: Consume = async () => ({ settled: { ...noCounts, delivered }, remaining: [] })
  await expect(consumePack(twoRecords, consume, keepNone, never)).rejects.toThrow(
    `The settlement accounts for ${delivered} of 2 records.`,
  )
})

test.each([
  [true, { ...noCounts, deadLettered: 2 }],
  [false, { ...noCounts, dropped: { dead_letters_full: 2 } }],
])(
  'an unreadable pack is dead-lettered whole where it is kept (%s), and dropped elsewhere',
  async (kept, settled) => {
    const pack = encoded('{}', '{}')
    const unreadable: unknown[] = []
    const keep = async (encodedPack: EncodedPack, cause: Error) => {
      unreadable.push(encodedPack, cause)
      return kept
    }
    expect(await consumePack(pack, consumeNone, keep, never)).toEqual({ settled, remaining: [] })
    expect(unreadable).toEqual([pack, expect.any(UnreadablePack)])
  },
)

test('a pack that holds another number of records than it should is never consumed', async () => {
  const causes: string[] = []
  const keep = async (_: EncodedPack, cause: Error) => causes.push(cause.message) > 0
  const { settled } = await consumePack({ ...twoRecords, records: 3 }, consumeNone, keep, never)
  expect(settled).toEqual({ ...noCounts, deadLettered: 3 })
  expect(causes).toEqual(['it holds 2 records, and should hold 3'])
})

function encoded(...records: readonly string[]): EncodedPack {
  return { id: 'p-beef-7', text: encodePack('p-beef-1', 'beef', records), records: records.length }
}

const keepNone = async () => {
  throw new Error('no pack of this test is unreadable')
}
const consumeNone: Consume = async () => {
  throw new Error('no pack of this test can be read')
}

import { expect, test } from 'vitest'
import { type Ledger, noCounts } from '../../shared/ledger/ledger.ts'
import { settledLedger, undeliveredText } from './settled.ts'

const waiting: Ledger = { ...noCounts, accepted: 3, spooled: 3, queued: 0 }
const allDelivered: Ledger = { ...noCounts, accepted: 3, spooled: 0, queued: 0, delivered: 3 }
const oneDropped: Ledger = { ...allDelivered, delivered: 2, dropped: { spool_full: 1 } }
const oneDead: Ledger = { ...allDelivered, delivered: 2, deadLettered: 1 }

/** A ledger that moves to the next state at each read, and stays at the last. */
function ledgerOf(...states: readonly [Ledger, ...Ledger[]]) {
  let reads = 0
  return {
    reads: () => reads,
    read: async () => states[Math.min(reads++, states.length - 1)] as Ledger,
  }
}

test.each([
  ['delivered', allDelivered],
  ['dropped', oneDropped],
  ['dead-lettered', oneDead],
])(
  'the wait ends when nothing is waiting any more, the last record being %s',
  async (_how, last) => {
    const ledger = ledgerOf(waiting, last)
    expect(await settledLedger(ledger.read, 1)).toEqual(last)
    expect(ledger.reads()).toBe(2)
  },
  2_000,
)

test('the wait goes on while there is no record, or one is spooled or queued', async () => {
  const none: Ledger = { ...noCounts, accepted: 0, spooled: 0, queued: 0 }
  const queued: Ledger = { ...waiting, spooled: 0, queued: 3 }
  const ledger = ledgerOf(none, waiting, queued, allDelivered)
  expect(await settledLedger(ledger.read, 1)).toEqual(allDelivered)
  expect(ledger.reads()).toBe(4)
})

test('undelivered records are counted, and nothing is said when there are none', () => {
  expect(undeliveredText(allDelivered)).toBe('')
  expect(undeliveredText(oneDropped)).toMatch(/^1 of 3 records were not delivered/)
  expect(undeliveredText(oneDead)).toMatch(/^1 of 3 records were not delivered/)
})

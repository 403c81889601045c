import { expect, test } from 'vitest'
import type { CallOutcome } from './calls.ts'
import { findProblems, type Seen } from './compare.ts'

const call = (traceId: string, more: Partial<CallOutcome> = {}): CallOutcome => ({
  phase: 'during',
  traceId,
  ms: 5,
  reached: true,
  ...more,
})

const ledger = {
  accepted: 2,
  spooled: 0,
  queued: 0,
  delivered: 2,
  dead_lettered: 0,
  dropped: {},
  adds_up: true,
} as const

const well: Seen = {
  outcomes: [call('a'), call('b')],
  looks: { looks: 9, problems: [], last: ledger },
  sink: new Map([
    ['a', { shown: 1, given: 1 }],
    ['b', { shown: 1, given: 2 }],
  ]),
  ledger,
}

test('where every call is at the sink once, there is nothing to say', () => {
  expect(findProblems(well, {})).toEqual([])
})

test.each<[string, Partial<Seen>, string]>([
  [
    'a client gets other bytes',
    { outcomes: [call('a'), call('b', { difference: '3 bytes instead of 9' })] },
    'a call during the fault: 3 bytes instead of 9',
  ],
  [
    'a call is missing and not counted',
    { sink: new Map([['a', { shown: 1, given: 1 }]]) },
    '1 calls are missing at the sink, and 0 are counted',
  ],
  [
    'a call is shown twice',
    { sink: new Map([...well.sink, ['b', { shown: 2, given: 2 }]]) },
    '1 calls are at the sink twice',
  ],
  [
    'the ledger does not add up on the way',
    { looks: { ...well.looks, problems: ['look 3: x'] } },
    'ledger: look 3: x',
  ],
  [
    'the ledger could never be read',
    { looks: { ...well.looks, looks: 0 } },
    'ledger: it could never be read',
  ],
  [
    'records wait for ever',
    { ledger: { ...ledger, queued: 1, delivered: 1 } },
    '0 spooled and 1 queued records were never settled',
  ],
  [
    'records are dropped',
    { ledger: { ...ledger, delivered: 1, dropped: { spool_full: 1 } } },
    '1 records dropped: spool_full',
  ],
  [
    'a dead letter comes unexpected',
    { ledger: { ...ledger, delivered: 1, dead_lettered: 1 } },
    '1 dead letters instead of 0',
  ],
  [
    'a call was never accepted',
    { ledger: { ...ledger, accepted: 1, delivered: 1 } },
    '2 calls were answered, 1 accepted',
  ],
  [
    'more is accepted than was made',
    { ledger: { ...ledger, accepted: 3, delivered: 3 } },
    '3 accepted of 2 calls',
  ],
])('it is found when %s', (_what, change, problem) => {
  expect(findProblems({ ...well, ...change }, {})).toContain(problem)
})

test('what a scenario allows is no problem: drops with their reason, clients that fail while the fault lasts', () => {
  const seen = {
    ...well,
    outcomes: [call('a'), call('b', { difference: 'status 502' })],
    sink: new Map([['a', { shown: 1, given: 1 }]]),
    ledger: { ...ledger, delivered: 1, dropped: { spool_full: 1 } },
  }
  expect(findProblems(seen, { mayDrop: ['spool_full'], clientsMayFail: true })).toEqual([])
})

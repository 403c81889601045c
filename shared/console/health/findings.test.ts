import { expect, test } from 'vitest'
import { noCounts } from '../../ledger/ledger.ts'
import { bytesText, findingsOf } from './findings.ts'
import type { Health } from './read-health.ts'

const well: Health = {
  failing: [],
  degraded: [],
  ledger: { ...noCounts, accepted: 3, spooled: 0, queued: 0, delivered: 3 },
  spool: { bytes: 0, limitBytes: 536_870_912 },
  sinks: [{ name: 'local', delivered: 3, isHeld: false }],
  dead: { count: 0, letters: [] },
}

/** What is said of a process that is well but for this. */
const said = (different: Partial<Health> = {}): string[] =>
  findingsOf({ ...well, ...different }).map(({ kind, text }) => `${kind}: ${text}`)

test('a process that is well says so, and what it holds', () => {
  expect(said()).toEqual([
    'good: Every part of this process works.',
    'good: No record waits to be delivered.',
    'good: The spool holds 0 bytes of at most 536.9 MB.',
    'good: The sink local has taken 3 records since the start.',
  ])
})

test('what is broken comes first, with its reason', () => {
  const degraded = [{ part: 'redis', effect: 'records wait in the spool', reason: 'ECONNREFUSED' }] as const
  expect(said({ degraded, failing: ['data_port'] }).slice(0, 2)).toEqual([
    'bad: The check data_port fails: this process is not ready.',
    'bad: Records wait in the spool (ECONNREFUSED).',
  ])
})

test.each<[string, Partial<Health>, string]>([
  [
    'records on the way',
    { ledger: { ...noCounts, accepted: 3, spooled: 1, queued: 1, delivered: 1 } },
    'warning: 2 records on the way.',
  ],
  [
    'a ledger that does not add up',
    { ledger: { ...noCounts, accepted: 3, spooled: 0, queued: 0 } },
    'bad: The ledger does not add up: please report this.',
  ],
  [
    'nothing recorded',
    { ledger: { ...noCounts, accepted: 0, spooled: 0, queued: 0 } },
    'warning: Nothing has been recorded yet: no call has ended since DATA_DIR is in use.',
  ],
  [
    'dropped records',
    { ledger: { ...noCounts, accepted: 1, spooled: 0, queued: 0, dropped: { spool_full: 1 } } },
    'warning: one record dropped, and counted by reason below.',
  ],
  ['an old record', { oldestSeconds: 7_300 }, 'warning: The oldest record has waited for 2 hours.'],
  [
    'a dead letter',
    { dead: { count: 1, letters: [] } },
    'bad: A dead letter waits for somebody to decide: they are listed below.',
  ],
  [
    'a spool that fills',
    { spool: { bytes: 900_000, limitBytes: 1_000_000 } },
    'bad: The spool holds 900.0 kB of at most 1.0 MB. When it is full the oldest records are dropped.',
  ],
  ['Redis', { redis: { packs: 4 } }, 'good: Redis takes records, and has 4 packs.'],
  [
    'a sink that is held',
    { sinks: [{ name: 'langfuse', delivered: 0, isHeld: true }] },
    'bad: The sink langfuse refuses records until somebody changes something: its credentials, most often.',
  ],
])('%s is a sentence', (_what, different, sentence) => {
  expect(said(different)).toContain(sentence)
})

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_234, '1.2 kB'],
  [5e15, '5000.0 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})

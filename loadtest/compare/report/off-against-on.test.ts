import { expect, test } from 'vitest'
import { hundredCalls } from '../scenarios/baseline.ts'
import type { SubjectName } from '../subjects/subject.ts'
import { offAgainstOn } from './off-against-on.ts'
import type { Row } from './summary.ts'

const row = (subject: SubjectName, responseMs: number, micros: number): Row => ({
  subject,
  failed: 0,
  held: 1,
  perSecond: 1_000 / responseMs,
  loop: { micros },
  relay: { micros },
  behind: { micros: 0 },
  all: { micros },
  latency: [responseMs],
  threads: [],
  residentMb: [100, micros],
  lagMs: 0,
  tickMicros: 1,
  settled: true,
})

test('what recording changes is told in per cent of the same calls without it', () => {
  const rows = [row('direct', 10, 0), row('capture-none', 20, 100), row('langfuse-fast', 25, 150)]
  const [change, ...more] = offAgainstOn({ scenario: hundredCalls, rows })
  expect(more).toEqual([])
  expect(change?.subject).toBe('langfuse-fast')
  expect(change?.responseTime).toBeCloseTo(25)
  expect(change?.throughput).toBeCloseTo(-20)
  expect(change?.cpu).toBeCloseTo(50)
  expect(change?.memory).toBeCloseTo(50)
})

test('without one that does not record there is nothing to compare with', () => {
  expect(offAgainstOn({ scenario: hundredCalls, rows: [row('start', 20, 100)] })).toEqual([])
})

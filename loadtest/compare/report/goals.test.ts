import { expect, test } from 'vitest'
import { plain1000 } from '../scenarios/plain.ts'
import { saturation } from '../scenarios/saturation.ts'
import type { SubjectName } from '../subjects/subject.ts'
import { goals, type Results } from './goals.ts'
import { goalsTable, verdict } from './goals-table.ts'
import type { Row } from './summary.ts'

function row(subject: SubjectName, given: Partial<Row>): Row {
  const cost = { micros: 100, ratio: 1 }
  return {
    subject,
    failed: 0,
    held: 1,
    perSecond: 1_000,
    loop: cost,
    relay: cost,
    behind: cost,
    all: cost,
    latency: [1, 2, 3, 4, 5],
    threads: [],
    residentMb: [80, 80, 80],
    lagMs: 0,
    tickMicros: 1,
    settled: true,
    ...given,
  }
}

const cellOf = (results: Results, goal: string, column: number): string | undefined =>
  goalsTable(results).rows.find(([what]) => what === goal)?.[column]

test('a goal that is missed says by how much, and one that is met says so', () => {
  const rows = [
    row('bare', {}),
    row('proxy', { relay: { micros: 200, ratio: 2 } }),
    row('start', { relay: { micros: 120, ratio: 1.2 } }),
  ]
  const results = [{ scenario: plain1000, rows }]
  expect(cellOf(results, 'CPU per call, whole process', 2)).toBe('2.00 ×, missed by 0.50')
  expect(cellOf(results, 'CPU per call, whole process', 3)).toBe('1.20 ×, met')
})

test('where more is better, less misses the goal', () => {
  const rows = [
    { subject: 'bare', perSecond: 1_000, ratio: 1 },
    { subject: 'start', perSecond: 250, ratio: 0.25 },
  ] as const
  const results = [{ scenario: saturation, rows }]
  expect(cellOf(results, 'sustained calls a second, of bare', 3)).toBe('0.25 ×, missed by 0.35')
})

test('what a run did not measure is not taken for met', () => {
  expect(new Set(goals.map((goal) => verdict(goal, goal.measured([], 'start'))))).toEqual(
    new Set(['not measured']),
  )
})

test('memory that grows from round to round misses the goal', () => {
  const rows = [row('bare', {}), row('start', { residentMb: [80, 100, 130] })]
  const results = [{ scenario: plain1000, rows }]
  expect(cellOf(results, 'memory, last round against the first', 3)).toBe('1.30 ×, missed by 0.20')
})

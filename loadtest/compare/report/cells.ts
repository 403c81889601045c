import { titles } from '../subjects/subject.ts'
import type { Change } from './off-against-on.ts'
import { type Cost, type LoadResult, parts, type RampResult, type Row } from './summary.ts'

/** A table as text, whatever shows it. */
export type Table = { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }

/** What a load cost, and how long things took. */
export function loadTables({ scenario: { unit }, rows }: LoadResult): readonly Table[] {
  const costHead = [
    'CPU time in µs (× bare relay)',
    `${unit}s/s`,
    'held',
    'relay’s loop',
    'its process',
    'behind it',
    `all per ${unit}`,
    'longest block ms',
    'resident MB',
  ]
  const timeHead = [
    unit === 'call' ? 'Response time in ms' : 'Age of frames in ms',
    ...parts.map(percent),
    ...addedParts.map((at) => `added ${percent(parts[at] ?? 0)}`),
    'failed',
    'driver late',
  ]
  return [
    { head: costHead, rows: rows.map((row) => costCells(row, unit)) },
    { head: timeHead, rows: rows.map(timeCells) },
  ]
}

/** Threads under 1 % of their subject are left out. */
export const threadTable = ({ scenario: { unit }, rows }: LoadResult): Table => ({
  head: ['CPU time of threads', `µs per ${unit}`],
  rows: rows.flatMap(({ subject, all, threads }) =>
    threads
      .filter(({ micros }) => micros >= all.micros / 100)
      .map(({ thread, micros }) => [`${titles[subject]}: ${thread}`, micros.toFixed(1)]),
  ),
})

/** Indexes into `parts`: the median and the tail. */
const addedParts = [0, 3, 4]
const percent = (part: number): string => `p${part * 100}`

const costCells = (row: Row, unit: 'call' | 'frame'): readonly string[] => [
  `${titles[row.subject]}${row.settled ? '' : ' *'}`,
  row.perSecond.toFixed(0),
  // Every stream is opened, and every frame comes in the end: how late says the other table.
  unit === 'frame' ? '' : `${(row.held * 100).toFixed(0)} %`,
  ...[row.loop, row.relay, row.behind, row.all].map(costCell),
  msCell(row.longestBlockMs),
  row.residentMb.every((mb) => mb === 0) ? '' : row.residentMb.map((mb) => mb.toFixed(0)).join(' → '),
]

const timeCells = (row: Row): readonly string[] => [
  titles[row.subject],
  ...row.latency.map(msCell),
  ...addedParts.map((at) => msCell(row.added?.[at])),
  String(row.failed),
  msCell(row.lagMs),
]

export const rampTable = ({ rows }: RampResult): Table => ({
  head: ['', 'calls/s', '× bare relay'],
  rows: rows.map(({ subject, perSecond, ratio }) => [
    titles[subject],
    perSecond.toFixed(0),
    ratio?.toFixed(2) ?? '',
  ]),
})

export const changeTable = (changes: readonly Change[]): Table => ({
  head: ['On against off, in per cent', 'response time', 'throughput', 'CPU', 'memory'],
  rows: changes.map(({ subject, responseTime, throughput, cpu, memory }) => [
    titles[subject],
    ...[responseTime, throughput, cpu, memory].map((value) => `${value > 0 ? '+' : ''}${value.toFixed(1)} %`),
  ]),
})

const msCell = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(2))

function costCell({ micros, ratio }: Cost): string {
  if (micros === 0) return ''
  return `${micros.toFixed(0)}${ratio === undefined ? '' : ` (${ratio.toFixed(2)}×)`}`
}

/** What must be known to read a table. */
export function remarks({ scenario: { unit }, rows }: LoadResult): readonly string[] {
  const tick = Math.max(...rows.map(({ tickMicros }) => tickMicros))
  const busy = rows.some(({ settled }) => !settled)
  return [
    `CPU time is read in ticks of 10 ms: one is ${tick.toFixed(1)} µs per ${unit} of a round here.`,
    ...(busy
      ? ['* had records left to deliver when the next one’s turn came: its CPU time is counted too low.']
      : []),
  ]
}

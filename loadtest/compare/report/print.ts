import type { Scenario } from '../scenarios/scenario.ts'
import { titles } from '../subjects/subject.ts'
import type { Sample } from './sample.ts'
import { type Cost, type Row, summarize } from './summary.ts'
import { textTable } from './text-table.ts'

/** One scenario as text for a terminal. */
export function printTable(scenario: Scenario, samples: readonly Sample[]): string {
  const { title, unit, latencyOf } = scenario
  const head = [
    title,
    `${unit}s/s`,
    'held',
    `loop µs/${unit}`,
    `process µs/${unit}`,
    `all µs/${unit}`,
    `${latencyOf} p50`,
    'p95',
    'p99',
    'p99.9 ms',
    'added p50',
    'p99',
    'resident MB',
    'failed',
    'lag p99',
  ]
  return `\n${textTable(head, summarize(scenario, samples).map(cells))}`
}

const cells = (row: Row): readonly string[] => [
  `${titles[row.subject]}${row.settled ? '' : ' *'}`,
  row.perSecond.toFixed(0),
  `${(row.held * 100).toFixed(0)} %`,
  cost(row.relayThread),
  cost(row.relayProcess),
  cost(row.all),
  ...row.latency.map((ms) => ms.toFixed(2)),
  ms(row.added?.[0]),
  ms(row.added?.[2]),
  ends(row.residentMb),
  String(row.failed),
  row.lagP99.toFixed(1),
]

const ms = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(2))

const cost = ({ micros, ratio }: Cost): string =>
  `${micros.toFixed(0)}${ratio === undefined ? '' : ` (${ratio.toFixed(2)}×)`}`

const ends = (values: readonly number[]): string =>
  values.length === 0 ? '' : `${values.at(0)?.toFixed(0)} → ${values.at(-1)?.toFixed(0)}`

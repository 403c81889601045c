import type { SubjectName } from '../subjects/subject.ts'
import type { LoadResult, RampResult, Row } from './summary.ts'
import { isLoad } from './text.ts'

/** A goal for everything switched on, full content, against the bare relay in the same run. */
export type Goal = {
  readonly what: string
  readonly unit: '×' | 'ms' | '%'
  readonly limit: number
  readonly moonshot?: number
  /** By default less is better. */
  readonly moreIsBetter?: boolean
  /** @returns undefined where this run did not measure it */
  measured(results: Results, subject: SubjectName): number | undefined
}

export type Results = readonly (LoadResult | RampResult)[]

const rowOf = (results: Results, scenario: string, subject: SubjectName): Row | undefined =>
  results
    .filter(isLoad)
    .find((result) => result.scenario.name === scenario)
    ?.rows.find((row) => row.subject === subject)

/** Compares a row with the bare relay's, where both were measured. */
const beside =
  (scenario: string, compare: (row: Row, bare: Row) => number | undefined): Goal['measured'] =>
  (results, subject) => {
    const [row, bare] = [rowOf(results, scenario, subject), rowOf(results, scenario, 'bare')]
    return row === undefined || bare === undefined ? undefined : compare(row, bare)
  }

const p99 = (row: Row): number => row.latency[3] ?? 0
const [call, frame] = ['plain-1000', 'streams-50']

export const goals: readonly Goal[] = [
  {
    what: 'CPU per call, whole process',
    unit: '×',
    limit: 1.5,
    moonshot: 1.3,
    measured: beside(call, ({ relay }) => relay.ratio),
  },
  {
    what: 'CPU per call, relay’s loop',
    unit: '×',
    limit: 1.25,
    measured: beside(call, ({ loop }) => loop.ratio),
  },
  {
    what: 'CPU per frame, whole process',
    unit: '×',
    limit: 1.3,
    moonshot: 1.15,
    measured: beside(frame, ({ relay }) => relay.ratio),
  },
  {
    what: 'CPU per frame, relay’s loop',
    unit: '×',
    limit: 1.15,
    measured: beside(frame, ({ loop }) => loop.ratio),
  },
  {
    what: 'p99 of frames over bare, 200 streams',
    unit: 'ms',
    limit: 1,
    measured: beside('streams-200', (row, bare) => p99(row) - p99(bare)),
  },
  {
    what: 'p99 of frames beside 8 MB prompts',
    unit: '×',
    limit: 1.5,
    measured: beside('prompts-8mb', (row, bare) => p99(row) / p99(bare)),
  },
  {
    what: 'response time of a 300 ms call, added',
    unit: '%',
    limit: 1,
    measured: (results, subject) => {
      const row = rowOf(results, 'slow-call', subject)
      const direct = rowOf(results, 'slow-call', 'direct')?.latency[0]
      return row?.latency[0] === undefined || direct === undefined
        ? undefined
        : (row.latency[0] / direct - 1) * 100
    },
  },
  {
    what: 'sustained calls a second, of bare',
    unit: '×',
    limit: 0.6,
    moreIsBetter: true,
    measured: (results, subject) => {
      const ramp = results.find((result): result is RampResult => !isLoad(result))
      return ramp?.rows.find((row) => row.subject === subject)?.ratio
    },
  },
  {
    what: 'longest block of the relay’s loop, any scenario',
    unit: 'ms',
    limit: 20,
    measured: (results, subject) => {
      const rows = results.filter(isLoad).flatMap((result) => result.rows)
      const blocks = rows.flatMap((row) => (row.subject === subject ? (row.longestBlockMs ?? []) : []))
      return blocks.length === 0 ? undefined : Math.max(...blocks)
    },
  },
  {
    what: 'memory, last round against the first',
    unit: '×',
    limit: 1.1,
    measured: (results, subject) => {
      const [, first, ...later] = rowOf(results, call, subject)?.residentMb ?? []
      const last = later.at(-1)
      return first === undefined || last === undefined ? undefined : last / first
    },
  },
]

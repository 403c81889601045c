import { median, quantile } from '../../overhead/quantile.ts'
import type { LoadScenario, RampScenario } from '../scenarios/scenario.ts'
import type { SubjectName } from '../subjects/subject.ts'
import type { Sample } from './sample.ts'

/** CPU time in µs per call or frame, and as a multiple of the bare relay's in the same round. */
export type Cost = { readonly micros: number; readonly ratio?: number }

/** One subject in one scenario, all rounds together. Times in ms. */
export type Row = {
  readonly subject: SubjectName
  readonly failed: number
  /** Share of what was due that was begun at all, 0 to 1: below 1 the subject was at its end. */
  readonly held: number
  readonly perSecond: number
  /** Main thread of the relay's process. */
  readonly loop: Cost
  /** All threads of the relay's process. */
  readonly relay: Cost
  /** Worker and Redis, where they are processes of their own. */
  readonly behind: Cost
  readonly all: Cost
  /** µs per call or frame of each thread that used anything. */
  readonly threads: readonly { readonly thread: string; readonly micros: number }[]
  /** One value for each of `parts`. */
  readonly latency: readonly number[]
  /** The same, less the direct way's, where that was measured. */
  readonly added?: readonly number[]
  /** All processes, in MB: before the first round, then after each. */
  readonly residentMb: readonly number[]
  readonly longestBlockMs?: number
  /** How late the driver itself was at 99 per cent of its calls. */
  readonly lagMs: number
  /** What one clock tick, the resolution of CPU time, is per call or frame, in µs. */
  readonly tickMicros: number
  readonly settled: boolean
}

export type LoadResult = { readonly scenario: LoadScenario; readonly rows: readonly Row[] }
export type RampRow = { readonly subject: SubjectName; readonly perSecond: number; readonly ratio?: number }
export type RampResult = { readonly scenario: RampScenario; readonly rows: readonly RampRow[] }

export const parts = [0.5, 0.9, 0.95, 0.99, 0.999] as const
const tickMicros = 10_000

/** Draws the rounds of one scenario together. */
export function summarize(scenario: LoadScenario, samples: readonly Sample[]): LoadResult {
  const { unit } = scenario
  const latenciesOf = ({ report }: Sample) => (unit === 'call' ? report.latencies : report.frameAges)
  const of = (subject: SubjectName) => samples.filter((sample) => sample.subject === subject)
  const quantilesOf = (subject: SubjectName): readonly number[] => {
    const values = of(subject).flatMap((sample) => [...latenciesOf(sample)])
    return parts.map((part) => quantile(values, part))
  }
  const direct = of('direct').length > 0 ? quantilesOf('direct') : undefined

  const rowOf = (subject: SubjectName): Row => {
    const mine = of(subject)
    const costs = (part: keyof Sample['spent']): Cost => costOf(mine, of('bare'), part, latenciesOf)
    const latency = quantilesOf(subject)
    const blocks = mine.flatMap(({ longestBlockMs }) => longestBlockMs ?? [])
    const units = sum(mine.map((sample) => latenciesOf(sample).length))
    return {
      subject,
      failed: sum(mine.map(({ report }) => report.failed)),
      held: heldOf(mine),
      perSecond: mean(mine.map((sample) => (latenciesOf(sample).length * 1_000) / sample.report.elapsedMs)),
      loop: costs('relayThreadMs'),
      relay: costs('relayProcessMs'),
      behind: costs('behindMs'),
      all: costs('allMs'),
      threads: threadsOf(mine, units),
      latency,
      ...(direct !== undefined && { added: latency.map((ms, at) => ms - (direct[at] ?? 0)) }),
      residentMb: [mine[0]?.residentMb[0] ?? 0, ...mine.map(({ residentMb }) => residentMb[1])],
      ...(blocks.length > 0 && { longestBlockMs: Math.max(...blocks) }),
      lagMs: median(mine.map(({ report }) => quantile([...report.lags], 0.99))),
      tickMicros: units === 0 ? 0 : (tickMicros * mine.length) / units,
      settled: mine.every(({ settled }) => settled),
    }
  }
  return { scenario, rows: [...new Set(samples.map(({ subject }) => subject))].map(rowOf) }
}

export function summarizeRamp(
  scenario: RampScenario,
  found: readonly { readonly subject: SubjectName; readonly perSecond: number }[],
): RampResult {
  const bare = found.find(({ subject }) => subject === 'bare')?.perSecond ?? 0
  const rows = found.map((row) => ({ ...row, ...(bare > 0 && { ratio: row.perSecond / bare }) }))
  return { scenario, rows }
}

/** The ratio is the mean of each round's own: what the machine did to a round, it did to both. */
function costOf(
  mine: readonly Sample[],
  bare: readonly Sample[],
  part: keyof Sample['spent'],
  latenciesOf: (sample: Sample) => { readonly length: number },
): Cost {
  const micros = (sample: Sample, of = part): number => {
    const units = latenciesOf(sample).length
    return units === 0 ? 0 : (sample.spent[of] * 1_000) / units
  }
  const ratios = mine.flatMap((sample) => {
    const unit = bare.find(({ round }) => round === sample.round)
    // What is behind a bare relay is nothing: its whole is the unit there.
    const reference = unit === undefined ? 0 : micros(unit, part === 'behindMs' ? 'allMs' : part)
    return reference === 0 ? [] : micros(sample) / reference
  })
  return {
    micros: mean(mine.map((sample) => micros(sample))),
    ...(ratios.length > 0 && { ratio: mean(ratios) }),
  }
}

function threadsOf(samples: readonly Sample[], units: number): Row['threads'] {
  const total = new Map<string, number>()
  for (const { thread, cpuMs } of samples.flatMap(({ threads }) => threads))
    total.set(thread, (total.get(thread) ?? 0) + cpuMs)
  return [...total].map(([thread, cpuMs]) => ({ thread, micros: (cpuMs * 1_000) / Math.max(1, units) }))
}

function heldOf(samples: readonly Sample[]): number {
  const made = sum(samples.map(({ report }) => report.calls))
  const missed = sum(samples.map(({ report }) => report.missed))
  return missed === 0 ? 1 : made / (made + missed)
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number => sum(values) / Math.max(1, values.length)

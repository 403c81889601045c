import { median, quantile } from '../../overhead/quantile.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { SubjectName } from '../subjects/subject.ts'
import type { Sample } from './sample.ts'

/** CPU time in µs per call or frame, and as a multiple of the bare relay in the same round. */
export type Cost = { readonly micros: number; readonly ratio?: number }

export type Row = {
  readonly subject: SubjectName
  readonly calls: number
  readonly failed: number
  /** Share of what was offered that was begun at all, 0 to 1: below 1 the subject was at its end. */
  readonly held: number
  readonly perSecond: number
  readonly relayThread: Cost
  readonly relayProcess: Cost
  readonly all: Cost
  /** In ms, at 50, 95, 99 and 99.9 per cent, all rounds together. */
  readonly latency: readonly number[]
  /** The same, less that of the direct way. */
  readonly added?: readonly number[]
  readonly residentMb: readonly number[]
  readonly lagP99: number
  readonly settled: boolean
}

export const parts = [0.5, 0.95, 0.99, 0.999] as const

/** Draws the rounds of one scenario together: one row for each subject. */
export function summarize({ name, unit, latencyOf }: Scenario, samples: readonly Sample[]): readonly Row[] {
  const mine = samples.filter(({ scenario }) => scenario === name)
  const units = ({ report }: Sample): number =>
    unit === 'call' ? report.latencies.length : report.frameAges.length
  const latencies = (each: readonly Sample[]): readonly number[] =>
    each.flatMap(({ report }) => [...(latencyOf === 'call' ? report.latencies : report.frameAges)])

  const bareOf = (round: number) => mine.find((sample) => sample.subject === 'bare' && sample.round === round)
  const costOf = (each: readonly Sample[], part: keyof Sample['spent']): Cost => {
    const micros = (sample: Sample): number => (sample.spent[part] * 1_000) / Math.max(1, units(sample))
    const ratios = each.flatMap((sample) => {
      const bare = bareOf(sample.round)
      return bare === undefined || micros(bare) === 0 ? [] : [micros(sample) / micros(bare)]
    })
    return { micros: mean(each.map(micros)), ...(ratios.length > 0 && { ratio: mean(ratios) }) }
  }
  const quantiles = (subject: SubjectName): readonly number[] => {
    const values = latencies(mine.filter((sample) => sample.subject === subject))
    return parts.map((part) => quantile(values, part))
  }
  const direct = mine.some(({ subject }) => subject === 'direct') ? quantiles('direct') : undefined

  return [...new Set(mine.map(({ subject }) => subject))].map((subject) => {
    const each = mine.filter((sample) => sample.subject === subject)
    const latency = quantiles(subject)
    return {
      subject,
      calls: sum(each.map(({ report }) => report.calls)),
      failed: sum(each.map(({ report }) => report.failed)),
      held: heldOf(each),
      perSecond: mean(each.map((sample) => (units(sample) * 1_000) / sample.report.elapsedMs)),
      relayThread: costOf(each, 'relayThreadMs'),
      relayProcess: costOf(each, 'relayProcessMs'),
      all: costOf(each, 'allMs'),
      latency,
      ...(direct !== undefined && { added: latency.map((ms, at) => ms - (direct[at] ?? 0)) }),
      residentMb: each.flatMap((sample) => sample.residentMb),
      lagP99: median(each.map(({ report }) => quantile([...report.lags], 0.99))),
      settled: each.every(({ settled }) => settled),
    }
  })
}

const heldOf = (each: readonly Sample[]): number => {
  const made = sum(each.map(({ report }) => report.calls))
  return made / Math.max(1, made + sum(each.map(({ report }) => report.missed)))
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number => sum(values) / Math.max(1, values.length)

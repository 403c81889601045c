import { expect, test } from 'vitest'
import { plain1000 } from '../scenarios/plain.ts'
import { saturation } from '../scenarios/saturation.ts'
import type { SubjectName } from '../subjects/subject.ts'
import type { Sample } from './sample.ts'
import { summarize, summarizeRamp } from './summary.ts'

type Given = {
  readonly cpuMs: number
  readonly round?: number
  readonly latencies?: readonly number[]
  readonly missed?: number
}

function sample(
  subject: SubjectName,
  { cpuMs, round = 1, latencies = [1, 1, 1, 1], missed = 0 }: Given,
): Sample {
  const spent = { relayThreadMs: cpuMs, relayProcessMs: cpuMs, behindMs: 0, allMs: cpuMs }
  const report = {
    calls: latencies.length,
    failed: 0,
    missed,
    elapsedMs: 1_000,
    latencies: Float64Array.from(latencies),
    frameAges: new Float64Array(),
    lags: new Float64Array(),
  }
  return {
    subject,
    round,
    spent,
    report,
    threads: [{ thread: 'relay main', cpuMs }],
    residentMb: [80, 90],
    longestBlockMs: undefined,
    settled: true,
  }
}

const rowsOf = (...samples: readonly Sample[]) => summarize(plain1000, samples).rows

test('CPU time is told per call, and as a multiple of the bare relay in the same round', () => {
  const [, start] = rowsOf(
    sample('bare', { cpuMs: 100, round: 1 }),
    sample('start', { cpuMs: 300, round: 1 }),
    // The machine was twice as slow in the second round, for both.
    sample('bare', { cpuMs: 200, round: 2 }),
    sample('start', { cpuMs: 600, round: 2 }),
  )
  expect(start?.all).toEqual({ micros: 112_500, ratio: 3 })
})

test('without a bare relay there is no ratio, and without the direct way nothing that is added', () => {
  const [start] = rowsOf(sample('start', { cpuMs: 300 }))
  expect(start?.all.ratio).toBeUndefined()
  expect(start?.added).toBeUndefined()
})

test('what is added is the difference at the same quantile, all rounds together', () => {
  const [, start] = rowsOf(
    sample('direct', { cpuMs: 0, latencies: [1, 2, 3] }),
    sample('start', { cpuMs: 1, round: 1, latencies: [2, 4] }),
    sample('start', { cpuMs: 1, round: 2, latencies: [8] }),
  )
  expect(start?.added?.[0]).toBe(4 - 2)
  expect(start?.added?.at(-1)).toBe(8 - 3)
})

test('what a thread used is added up over the rounds, and told per call', () => {
  const [start] = rowsOf(sample('start', { cpuMs: 1, round: 1 }), sample('start', { cpuMs: 3, round: 2 }))
  expect(start?.threads).toEqual([{ thread: 'relay main', micros: 500 }])
})

test('calls that were due and never begun show as a rate that was not held', () => {
  const [start] = rowsOf(sample('start', { cpuMs: 1, missed: 4 }))
  expect(start?.held).toBe(0.5)
})

test('the end of each is compared with that of the bare relay', () => {
  const { rows } = summarizeRamp(saturation, [
    { subject: 'bare', perSecond: 4_000 },
    { subject: 'start', perSecond: 1_000 },
  ])
  expect(rows.map(({ ratio }) => ratio)).toEqual([1, 0.25])
})

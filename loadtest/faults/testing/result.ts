import type { LatencyRatio } from './latency.ts'
import type { RunResult } from './run-scenario.ts'
import type { Scenario } from './scenario.ts'

/** A scenario that was run, or why it was not. */
export type ScenarioResult = {
  readonly scenario: Scenario
  readonly seconds: number
} & (
  | { readonly skipped: string }
  /** It could not be run to its end. */
  | { readonly failure: string }
  | { readonly run: RunResult; readonly latency: LatencyRatio | undefined }
)

export type Verdict = 'holds' | 'does not hold' | 'expected' | 'skipped'

/** `expected`: known not to hold yet. */
export function verdictOf(result: ScenarioResult): Verdict {
  if ('skipped' in result) return 'skipped'
  const problems = problemsOf(result)
  if (problems.length === 0) return 'holds'
  return result.scenario.expected === undefined ? 'does not hold' : 'expected'
}

export function problemsOf(result: ScenarioResult): readonly string[] {
  if ('skipped' in result) return []
  if ('failure' in result) return [result.failure]
  const { scenario, run, latency } = result
  const { clientsMayFail = false, otherCalls = false } = scenario.expects ?? {}
  const isSlower = !clientsMayFail && !otherCalls && (latency?.median ?? 1) > maxMedianRatio
  return [
    ...run.problems,
    ...(isSlower ? [`calls took ${latency?.median.toFixed(1)} times as long as without the fault`] : []),
  ]
}

/** Beyond what a busy machine does to a call of a few milliseconds; one that waits for a fault takes a second and more. */
const maxMedianRatio = 10

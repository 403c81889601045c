import type { LoadReport } from '../load/load.ts'
import type { SubjectName } from '../subjects/subject.ts'
import type { Spent, ThreadSpent } from '../usage/process-usage.ts'

/** What one load did to one subject, once. */
export type Measured = {
  readonly report: LoadReport
  readonly spent: Spent
  readonly threads: readonly ThreadSpent[]
  /** All processes of the subject together, before and after. */
  readonly residentMb: readonly [before: number, after: number]
  /** Longest block of the relay's event loop, in ms; undefined where it cannot be known. */
  readonly longestBlockMs: number | undefined
  /** False where it was still at work long after the last answer: its CPU time is counted too low. */
  readonly settled: boolean
}

export type Sample = Measured & { readonly subject: SubjectName; readonly round: number }

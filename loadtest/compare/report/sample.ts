import type { LoadReport } from '../load/load.ts'
import type { SubjectName } from '../subjects/subject.ts'
import type { Spent } from '../usage/process-usage.ts'

/** One subject under one load, once. */
export type Sample = {
  readonly scenario: string
  readonly subject: SubjectName
  readonly round: number
  readonly report: LoadReport
  readonly spent: Spent
  /** All processes of the subject together, before and after. */
  readonly residentMb: readonly [before: number, after: number]
  /** False where it was still at work long after the last answer: its CPU time is counted too low. */
  readonly settled: boolean
}

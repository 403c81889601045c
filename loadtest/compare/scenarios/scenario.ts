import type { Load } from '../load/load.ts'
import type { SubjectName } from '../subjects/subject.ts'

/** One load that every subject gets, each in turn. */
export type Scenario = {
  readonly name: string
  readonly title: string
  /** What CPU time is divided by. */
  readonly unit: 'call' | 'frame'
  /** What the latencies are of. */
  readonly latencyOf: 'call' | 'frame'
  readonly subjects: readonly SubjectName[]
  load(seconds: number): Load
}

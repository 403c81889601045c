import type { Load } from '../load/load.ts'
import type { SubjectName } from '../subjects/subject.ts'

/** What every subject goes through, each in turn. */
export type Scenario = LoadScenario | RampScenario

type Named = {
  /** As given on the command line. */
  readonly name: string
  readonly title: string
  /** Who takes part unless others are asked for. */
  readonly subjects: readonly SubjectName[]
}

/** The same load for all, so that their costs compare. */
export type LoadScenario = Named & {
  readonly kind: 'load'
  /** What CPU time is divided by, and what the latencies are of. */
  readonly unit: 'call' | 'frame'
  /** Also shown as what recording changes, in per cent: the way people measure SDKs. */
  readonly showsOffAgainstOn?: boolean
  load(seconds: number): Load
  /** What comes by meanwhile, from another driver; nothing of it is in the latencies. */
  beside?(seconds: number): Load
}

/** Plain calls at a rising rate, until the subject no longer holds it. */
export type RampScenario = Named & { readonly kind: 'ramp' }

import type { DropReason } from '../../../shared/ledger/ledger.ts'
import type { Calls } from './calls.ts'
import type { World, WorldOptions } from './world.ts'

/** One fault, made from outside while clients make calls. */
export type Scenario = {
  readonly name: string
  /** What is broken, and how. */
  readonly injected: string
  /** What has to hold, beside what holds in every scenario: see `compare`. */
  readonly demands: string
  readonly world: WorldOptions
  /** Whether it takes but seconds: then the tests run it too. */
  readonly quick: boolean
  /** Makes the fault. */
  inject(run: Run): Promise<void>
  /** Ends it, after the calls that are made while it lasts. */
  heal?(run: Run): Promise<void>
  /** Looks at what it should have done, once everything has settled. */
  verify?(run: Run): Promise<void>
  readonly expects?: Expectations
  /** Why the product does not meet the demands yet: a failure is shown and not counted. */
  readonly expected?: string
  /** @returns why it cannot run on this machine, if so */
  unavailable?(): string | undefined
}

export type Expectations = {
  /** Reasons for which records may be missing at the sink; none otherwise. */
  readonly mayDrop?: readonly DropReason[]
  /** Records that end as dead letters; none otherwise. */
  readonly deadLetters?: number
  /** How many it leaves is not known beforehand. */
  readonly mayDeadLetter?: boolean
  /** The fault is between client and model, or ends the process: calls that begin while it lasts may fail. */
  readonly clientsMayFail?: boolean
  /** The load itself is the fault: its calls are not those of a run without it. */
  readonly otherCalls?: boolean
  /** Records beside those of the load that the scenario makes itself. */
  readonly ownRecords?: number
  /** How long nothing may change before what waits is given up, in ms. */
  readonly patienceMs?: number
}

/** What a scenario acts on. */
export type Run = {
  readonly world: World
  readonly calls: Calls
  /** Says what happened, for the report. */
  note(text: string): void
  /** Adds a problem where something is not as it has to be. */
  check(isTrue: boolean, problem: string): void
}

/** How many calls a run makes in each phase. */
export type Size = { readonly before: number; readonly during: number; readonly after: number }

export const fullSize: Size = { before: 60, during: 200, after: 60 }
export const quickSize: Size = { before: 8, during: 24, after: 8 }

import type { Registered, Registration } from '../../proxy/attribution/store/store.ts'
import type { RecordedTape } from '../../proxy/tape/recorded-tape.ts'
import type { RelayCounts } from '../../proxy/tape/relay-counts.ts'
import type { LearnedReporting } from '../../proxy/usage-reporting/reporting.ts'
import type { Degradation } from '../../shared/degradation/degradations.ts'
import type { RecordingRole } from './delivery/delivery.ts'

/** Given to the thread when it is started. */
export type ThreadData = {
  readonly role: RecordingRole
  readonly tape: RecordedTape
  /** Names the process, and not the thread, among those that had the data folder. */
  readonly run: string
  readonly env: NodeJS.ProcessEnv
  /** How often it died, or could not be started, before. */
  readonly failures: number
}

/** What a recording thread says of itself once it has started. */
export type Started = {
  /** Where the admin port listens. */
  readonly adminUrl: string
  readonly degraded: readonly Degradation[]
}

/** A wrong setting: it is of no use to try again. */
export type Refused = { /** For people, one sentence. */ readonly refused: string }

/** What the relay's thread calls in the recording thread. */
export type RecordingFunctions = {
  /** @throws where it cannot start, and may later */
  start(): Promise<Started | Refused>
  /** @returns the names of the parts that did not stop in time */
  stop(): Promise<readonly string[]>
  /** Ends the time for stopping. */
  forceStop(): void
  /** There is something on the tape. */
  wake(): void
  /** Counts calls that the thread before had not settled. */
  countLost(calls: number): void
  putContext(threadId: string, registration: Registration): Promise<Registered>
  getContext(threadId: string): Promise<Registered | undefined>
  deleteContext(threadId: string): Promise<boolean>
}

/** What the recording thread calls in the relay's thread. */
export type RelayFunctions = {
  counts(): RelayCounts
  /** Whether the data port takes connections. */
  listening(): boolean
  contextFound(threadId: string, registered: Registered): void
  /** @param learned undefined where a call that was sent to learn showed nothing */
  usageReported(upstream: string, model: string, learned: LearnedReporting | undefined): void
}

import type { Call, ResponseProgress } from '../observe/call.ts'
import type { CallBegin } from '../tape/messages.ts'

/** A call in flight, as far as it is known now. Times are in ms on the relay's clock. */
export type CallInFlight = {
  readonly begin: CallBegin
  readonly startedAt: number
  readonly lastAt: number
  /** Once its request is known. */
  readonly call?: Call
  readonly progress?: ResponseProgress
}

/** A call that somebody may look at while it is recorded. */
export type OpenCall = {
  readonly id: string
  /** When the last frame of it was written, ms on the relay's clock. */
  readonly lastAt: number
  /** Costs what there is to see, and changes nothing. */
  look(): CallInFlight
}

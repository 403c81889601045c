import type { Counts } from '../ledger/ledger.ts'
import type { Pack } from '../record/codec.ts'
import type { InferenceRecord } from '../record/record.ts'

/**
 * The worker's end of a carrier, the same for both: a worker in the proxy's process takes packs straight from
 * the spool; elsewhere a publisher moves them into BullMQ and any number of workers take them there.
 */
export type Intake = {
  /** Starts passing packs to `consume`, a bounded number at a time. */
  start(consume: Consume): Promise<void>
  /**
   * Takes no more packs and waits for those being consumed. When `deadline` aborts, the consumers' signal
   * aborts too, and what they return as remaining is kept for the next start.
   */
  stop(deadline: AbortSignal): Promise<void>
}

/**
 * Consumes one pack. A failing record is no rejection: its outcome stands in the settlement. On a rejection
 * nothing is settled, and the carrier brings the whole pack again, later.
 */
export type Consume = (pack: Pack, signal: AbortSignal) => Promise<Settlement>

/** The outcome of the records of one pack. */
export type Settlement = {
  readonly settled: Counts
  /** Not settled yet: the carrier keeps these and brings them again. */
  readonly remaining: readonly InferenceRecord[]
}

import type { Counts } from '../ledger/ledger.ts'
import type { Pack } from '../record/codec.ts'
import type { InferenceRecord } from '../record/record.ts'

/**
 * The two ways from the spool to the worker, behind one interface: the worker in the same process takes
 * packs straight from the spool, or a publisher moves them into BullMQ and workers anywhere take them there.
 */
export type Intake = {
  /** Starts handing out packs, a bounded number at a time. */
  start(consume: Consume): Promise<void>
  /**
   * Takes no more packs and waits for those that are out. After `deadline` aborts, the consumers' signal is
   * aborted too, and what they return as remaining goes back for the next start.
   */
  stop(deadline: AbortSignal): Promise<void>
}

/**
 * Works off one pack. Never rejects for a record's sake: whatever happens to a record stands in the
 * settlement. On a rejection nothing is settled, and the carrier hands the whole pack out again, later.
 */
export type Consume = (pack: Pack, signal: AbortSignal) => Promise<Settlement>

/** What became of the records of one pack. */
export type Settlement = {
  readonly settled: Counts
  /** Neither delivered nor given up: the carrier keeps these and hands them out again. */
  readonly remaining: readonly InferenceRecord[]
}

import type { RingMemory } from './ring.ts'

/**
 * A tape, and the name of the folder that the crash journal of its calls is in.
 * @property settledPack the newest pack whose calls the reader of the tape before had settled; absent for the first
 */
export type RecordedTape = {
  readonly memory: RingMemory
  readonly journal: string
  readonly settledPack?: number
}

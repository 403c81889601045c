import type { RingMemory } from './ring.ts'

/** A tape, and the name of the folder that the crash journal of its calls is in. */
export type RecordedTape = { readonly memory: RingMemory; readonly journal: string }

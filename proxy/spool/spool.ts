import type { Counts, DropReason, Ledger } from '../../shared/ledger/ledger.ts'
import type { Backoff } from '../../shared/timing/backoff.ts'
import type { SpoolEntry } from './pack-keys.ts'
import type { SpoolStoreEvents } from './spool-store.ts'

export type SpoolEvents = SpoolStoreEvents & {
  dropped(records: number, reason: DropReason): void
}

export type SpoolOptions = {
  /** DATA_DIR; the spool is the folder `spool` in it. */
  readonly dir: string
  /** Bytes of packs that may be here at once; beyond it the oldest that nobody has taken is dropped. */
  readonly maxBytes: number
  /** Bytes of packs that may be kept in memory while the disk fails; beyond it new ones are not taken. */
  readonly memoryMaxBytes: number
  readonly events: SpoolEvents
  /** How long to wait before a failed disk is tried again. */
  readonly retry?: Backoff
}

/** A pack in a consumer's hands. It stays in the spool until it is settled. */
export type SpooledPack = {
  readonly id: string
  readonly text: string
  readonly records: number
  readonly entry: SpoolEntry
}

/** The durable queue of packs between the calls and whoever delivers them, and the ledger of all records. */
export type Spool = {
  /** Names the data directory, for all time. */
  readonly origin: string
  /**
   * Takes records, each as JSON, as one pack. Resolves when it is on disk, or as safe as the disk allows for
   * now. Never rejects; what does not fit is dropped and counted.
   */
  put(records: readonly string[]): Promise<void>
  /** Counts records that were accepted and given up before they came here. */
  refuse(records: number, reason: DropReason): void
  /**
   * Hands out the pack that waits longest.
   * @param waitUntil aborts the waiting for a pack; what is here already is handed out all the same
   * @returns undefined when there is none and waiting was aborted
   */
  take(waitUntil: AbortSignal): Promise<SpooledPack | undefined>
  /** Takes a pack back as it is; it waits at the end of the line. */
  giveBack(pack: SpooledPack): void
  /**
   * Takes note of what became of a pack: in one write its counts are added and it is removed, or replaced by
   * what remains of it.
   * @param remaining records of the pack, each as JSON, that the counts do not speak of
   * @returns the pack that remains, still in the consumer's hands
   */
  settle(pack: SpooledPack, counts: Counts, remaining: readonly string[]): Promise<SpooledPack | undefined>
  /** Takes note that Redis has the pack now. */
  published(pack: SpooledPack): Promise<void>
  /** Takes note that dead letters were delivered after all. */
  replayed(records: number): Promise<void>
  /** `queued` is everything that was ever handed to Redis: what became of it there is not known here. */
  ledger(): Ledger
  /** Bytes of packs, and packs that wait for a consumer. */
  size(): { readonly bytes: number; readonly waitingPacks: number }
  close(): Promise<void>
}

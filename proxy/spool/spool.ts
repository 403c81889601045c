import type { Counts, DropReason, Ledger } from '../../shared/ledger/ledger.ts'
import type { PackOutcome } from '../../shared/queue/outcomes.ts'
import type { Backoff } from '../../shared/timing/backoff.ts'
import type { DiskEvents } from './disk-events.ts'
import type { SpoolEntry } from './pack-keys.ts'
import type { RecordedCalls } from './recorded-calls.ts'

export type SpoolEvents = DiskEvents & {
  dropped(records: number, reason: DropReason): void
}

export type SpoolOptions = {
  /** DATA_DIR; the spool is the folder `spool` in it. */
  readonly dir: string
  /**
   * Limit on the bytes of all packs. Beyond it the copy of the oldest pack that Redis has goes first, then the oldest
   * pack that no consumer has taken is dropped.
   */
  readonly maxBytes: number
  /** Limit on the bytes of packs kept in memory while the disk fails; beyond it new packs are dropped. */
  readonly memoryMaxBytes: number
  /** What shares the limit with the packs, and gives way to them. */
  readonly beside?: { bytes(): number; evict(bytes: number): void }
  readonly events: SpoolEvents
  /** How long to wait before a failed disk is tried again. */
  readonly retry?: Backoff
  /** Between two looks at whether the folder is still in its place. */
  readonly lookEveryMs?: number
  /** A write that takes longer is that of a disk which hangs. */
  readonly answerMs?: number
}

/** A pack taken by a consumer. It stays in the spool until it is settled. */
export type SpooledPack = {
  readonly id: string
  readonly text: string
  readonly records: number
  readonly entry: SpoolEntry
}

/** The durable queue of packs between the calls and their delivery, and the ledger of all records. */
export type Spool = {
  /** Names the data directory, permanently. */
  readonly origin: string
  /**
   * Stores records, each as JSON, as one pack. Resolves when it is on disk, or in memory while the disk fails.
   * Never rejects; what does not fit is dropped and counted.
   * @param callIds of the calls that the records are of: noted in the same write, until they are forgotten
   */
  put(records: readonly string[], callIds?: readonly string[]): Promise<void>
  /** Which calls have had their records put. */
  readonly recorded: Pick<RecordedCalls, 'newest' | 'read' | 'forget'>
  /** @returns number of records in packs that are newer than this one */
  recordsAfter(packNumber: number): number
  /** Counts records that were accepted, and dropped before they could be put here. */
  reject(records: number, reason: DropReason): void
  /**
   * Takes the pack that has waited longest.
   * @param signal aborts the wait for a pack; one that is here already is returned all the same
   * @returns undefined when there is none and the signal is aborted
   */
  take(signal: AbortSignal): Promise<SpooledPack | undefined>
  /** Returns a pack unchanged, to the end of the line. */
  putBack(pack: SpooledPack): void
  /**
   * Records the outcome of a pack: in one write its counts are added and it is removed, or replaced by what
   * remains of it.
   * @param remaining records of the pack, each as JSON, that the counts do not include
   * @returns the pack that remains, still taken
   */
  settle(pack: SpooledPack, counts: Counts, remaining: readonly string[]): Promise<SpooledPack | undefined>
  /** Notes that Redis has a pack. It stays here, too, until its outcome is known. */
  published(pack: SpooledPack): Promise<void>
  /**
   * Records what workers reported of published packs, in one write. What they reported before changes nothing.
   */
  settlePublished(outcomes: readonly PackOutcome[]): Promise<void>
  /** @returns ids of packs that Redis has had for longer than `ms`, and of which no outcome is known */
  publishedFor(ms: number): readonly string[]
  /**
   * Notes that Redis has lost packs. They wait to be published again; one of which no copy is left is dropped.
   * @returns records of both
   */
  lostByRedis(ids: readonly string[]): Promise<{ readonly waiting: number; readonly dropped: number }>
  /** Counts dead letters that were delivered after all. */
  replayed(records: number): Promise<void>
  /** `queued` is what Redis has, as far as its outcome is not known here. */
  ledger(): Ledger
  /** Bytes of packs that Redis does not have, and packs that wait for a consumer. */
  size(): { readonly bytes: number; readonly waitingPacks: number }
  /** @returns when the oldest records came, ms since 1970; undefined where there are none */
  oldestAt(): number | undefined
  close(): Promise<void>
}

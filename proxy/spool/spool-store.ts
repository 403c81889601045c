import { createDiskState } from '../../shared/disk/disk-state.ts'
import { watchPlace } from '../../shared/disk/watch-place.ts'
import type { Backoff } from '../../shared/timing/backoff.ts'
import { coalesce } from './coalesce.ts'
import { type Change, createDatabase, type KeyRange, SpoolInUse } from './database.ts'
import type { DiskEvents, SpoolOperation } from './disk-events.ts'
import { type Rescue, rescuePacks } from './rescue-packs.ts'
import { createSpoolWriter, type SpoolWriterOptions } from './spool-writer.ts'
import { createUnwrittenChanges } from './unwritten-changes.ts'
import { watchAnswer } from './watch-answer.ts'

export type SpoolStoreOptions = SpoolWriterOptions & {
  readonly dir: string
  readonly rescue: Rescue
  readonly events: DiskEvents
  readonly retry?: Backoff
  /** A write that takes longer is that of a disk which hangs. */
  readonly answerMs?: number
  /** Between two looks at whether the folder is still in its place. */
  readonly lookEveryMs?: number
}

/**
 * Keys and texts on disk. One write at a time; changes that come meanwhile share the next one. While the disk
 * fails, changes are kept in memory, readable as ever, and the disk is retried until it works again.
 */
export type SpoolStore = {
  /** @throws SpoolInUse when another process has the folder; any other failure is retried in the background */
  open(): Promise<void>
  /**
   * Resolves when the changes are on disk, or kept in memory while the disk fails. Never rejects. Values are synced;
   * deletions alone are not: where a power cut undoes one, a pack is delivered again, under the same ids.
   */
  write(changes: readonly Change[]): Promise<void>
  read(key: string): Promise<string | undefined>
  /** What is on disk in this range. @throws when it cannot be read */
  entries(range: KeyRange): AsyncIterable<[key: string, text: string]>
  /** False while the disk fails, and after closing. */
  isOpen(): boolean
  /** Bytes of values that are not on disk. */
  unwrittenBytes(): number
  close(): Promise<void>
}

export function createSpoolStore(options: SpoolStoreOptions): SpoolStore {
  const { dir, events } = options
  const { retry: backoff = { baseMs: 1_000, maxMs: 30_000 }, lookEveryMs = 2_000, answerMs = 4_000 } = options
  const database = createDatabase(dir, events.spoolRepaired)
  const unwritten = createUnwrittenChanges()
  const disk = createDiskState<SpoolOperation>({
    retry,
    onFailed: events.spoolFailed,
    onRecovered: events.spoolRecovered,
    backoff,
  })
  const { reopen, writeBatch } = createSpoolWriter(database, unwritten, options)
  const closing = new AbortController()
  let rescued = Promise.resolve()
  const flush = coalesce(async () => {
    if (disk.isOpen()) await disk.attempt('write', () => watchAnswer(writeBatch, answerMs, events))
  })

  async function open(): Promise<void> {
    try {
      await reopen()
      disk.opened()
    } catch (cause) {
      if (cause instanceof SpoolInUse) throw cause
      disk.failed('open', cause)
    }
    void watchPlace({
      isInPlace: async () => !disk.isOpen() || database.isInPlace(),
      onGone,
      everyMs: lookEveryMs,
      signal: closing.signal,
    })
  }

  function onGone(): void {
    rescued = flush() // the write that is under way
      .then(() => rescuePacks(database, unwritten, options.rescue))
      .catch((cause) => events.spoolFailed('read', cause))
    disk.failed('open', new Error(`The folder ${dir} was deleted or replaced.`))
  }

  async function retry(): Promise<boolean> {
    await rescued
    const works = (await disk.attempt('open', reopen)) && (await disk.attempt('write', writeBatch))
    if (!works) return false
    disk.opened()
    await flush() // what was added during that write
    return true
  }

  function write(changes: readonly Change[]): Promise<void> {
    unwritten.add(changes)
    return disk.isOpen() ? flush() : Promise.resolve()
  }

  async function close(): Promise<void> {
    closing.abort()
    await disk.endRetries()
    if (disk.isOpen()) await flush()
    disk.closed()
    await database.close()
  }

  return {
    open,
    write,
    read: async (key) => unwritten.get(key) ?? database.get(key),
    entries: database.entries,
    isOpen: disk.isOpen,
    unwrittenBytes: () => unwritten.bytes,
    close,
  }
}

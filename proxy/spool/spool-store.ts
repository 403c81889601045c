import type { ClassicLevel } from 'classic-level'
import { type Backoff, backoffMs } from '../../shared/timing/backoff.ts'
import { pause } from '../../shared/timing/pause.ts'
import { isLocked, openDatabase, readStored, type Stored } from './database.ts'

/** Which operation of the spool's database failed. A closed set: it is a label. */
export type SpoolOperation = 'open' | 'write' | 'read'

export type SpoolStoreEvents = {
  spoolFailed(operation: SpoolOperation, cause: unknown): void
  /** The disk works again, and what had been kept in memory is on it. */
  spoolRecovered(): void
}

/** A value to write, or null to delete. */
export type Change = readonly [key: string, value: string | null]

export type SpoolStoreOptions = {
  readonly dir: string
  /** What stands in the database after every write, read at the moment of writing. */
  readonly metadataWrites: () => readonly Change[]
  /**
   * Called with the database's content whenever it was opened, before anything is written to it.
   * @returns keys that nobody needs any more
   */
  readonly opened: (stored: Stored) => readonly string[]
  readonly events: SpoolStoreEvents
  readonly retry?: Backoff
}

/**
 * Keys and texts on disk. One write at a time; changes that come meanwhile go together into the next
 * (LevelDB writes a batch whole or not at all). When the disk fails, changes are kept in memory, readable as
 * ever, until it works again, which is tried again and again.
 */
export type SpoolStore = {
  /** @throws SpoolInUse when another process has the folder; any other trouble means memory for now */
  open(): Promise<void>
  /** Resolves when the changes are on disk (synced), or kept in memory while the disk fails. Never rejects. */
  write(changes: readonly Change[]): Promise<void>
  read(key: string): Promise<string | undefined>
  usable(): boolean
  /** Bytes of values that are not on disk. */
  unwrittenBytes(): number
  close(): Promise<void>
}

export class SpoolInUse extends Error {
  override readonly name = 'SpoolInUse'
}

export function createSpoolStore({
  dir,
  metadataWrites,
  opened,
  events,
  retry,
}: SpoolStoreOptions): SpoolStore {
  const retryAfter = retry ?? { baseMs: 1_000, maxMs: 30_000 }
  const closing = new AbortController()
  let db: ClassicLevel | undefined
  let usable = false
  let pending = new Map<string, string | null>()
  let writing = new Map<string, string | null>()
  let unwritten = 0
  let waiters: (() => void)[] = []
  let busy = false
  let recovery: Promise<void> | undefined

  async function open(): Promise<void> {
    try {
      await reopen()
      usable = true
    } catch (cause) {
      if (isLocked(cause)) throw new SpoolInUse(`The folder ${dir} is in use by another process.`, { cause })
      fail('open', cause)
    }
  }

  async function reopen(): Promise<void> {
    await db?.close()
    db = await openDatabase(dir)
    for (const key of opened(await readStored(db))) keep(key, null)
  }

  function write(changes: readonly Change[]): Promise<void> {
    for (const [key, value] of changes) keep(key, value)
    if (!usable) return Promise.resolve()
    const written = new Promise<void>((resolve) => waiters.push(resolve))
    if (!busy) void writeAll()
    return written
  }

  function keep(key: string, value: string | null): void {
    const before = pending.get(key)
    unwritten += sizeOf(value) - sizeOf(before)
    // A key deleted before it was ever written needs no deleting: whatever a failed write may have left of
    // it on disk is swept when the disk is back, because nobody knows its key any more.
    if (value === null && typeof before === 'string' && !writing.has(key)) pending.delete(key)
    else pending.set(key, value)
  }

  async function writeAll(): Promise<void> {
    busy = true
    await Promise.resolve() // all that is asked for in this very tick goes together
    while (waiters.length > 0) {
      const written = waiters
      waiters = []
      if (usable) await writeOnce()
      for (const resolve of written) resolve()
    }
    busy = false
  }

  async function writeOnce(): Promise<boolean> {
    writing = pending
    pending = new Map()
    try {
      await db?.batch([...writing, ...metadataWrites()].map(toOperation), { sync: true })
      for (const value of writing.values()) unwritten -= sizeOf(value)
      return true
    } catch (cause) {
      takeBack(writing)
      fail('write', cause)
      return false
    } finally {
      writing = new Map()
    }
  }

  function takeBack(failed: ReadonlyMap<string, string | null>): void {
    const newer = pending
    pending = new Map(failed)
    for (const [key, value] of newer) {
      unwritten -= sizeOf(pending.get(key))
      pending.set(key, value)
    }
  }

  function fail(operation: SpoolOperation, cause: unknown): void {
    usable = false
    events.spoolFailed(operation, cause)
    recovery ??= recover().finally(() => {
      recovery = undefined
    })
  }

  async function recover(): Promise<void> {
    for (let failures = 0; !usable && !closing.signal.aborted; failures++) {
      await pause(backoffMs(failures, retryAfter), closing.signal)
      // Tried once more when closing, too: what is only in memory ends with the process.
      await tryAgain()
    }
  }

  async function tryAgain(): Promise<void> {
    try {
      await reopen()
      if (!(await writeOnce())) return
    } catch (cause) {
      events.spoolFailed('open', cause)
      return
    }
    usable = true
    events.spoolRecovered()
    await write([]) // what came during that write
  }

  async function read(key: string): Promise<string | undefined> {
    const kept = pending.get(key) ?? writing.get(key)
    return kept ?? (await db?.get(key))
  }

  async function close(): Promise<void> {
    closing.abort()
    await recovery
    if (usable) await write([])
    usable = false
    await db?.close()
  }

  return { open, write, read, usable: () => usable, unwrittenBytes: () => unwritten, close }
}

function toOperation([key, value]: Change) {
  return value === null ? ({ type: 'del', key } as const) : ({ type: 'put', key, value } as const)
}

const sizeOf = (value: string | null | undefined): number => (value == null ? 0 : Buffer.byteLength(value))

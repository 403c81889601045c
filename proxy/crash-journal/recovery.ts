import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Part } from '../../shared/lifecycle.ts'
import { pause } from '../../shared/timing/pause.ts'
import { isBegin, kinds, readCallId } from '../tape/messages.ts'
import type { FrameReader } from '../tape/ring.ts'
import { folderName, isOfRun, type JournalFolder, listFolders } from './journal-folder.ts'
import { readJournal } from './read-journal.ts'
import { Replay, type Replayed, type ReplayOptions } from './replay.ts'

/** Records the calls that an earlier process was killed with. */
export type Recovery = Part & {
  /** Resolves when all of them have been recorded, or it was given up. */
  done(): Promise<void>
  /** Whether nothing is left that the next start would have to recover. */
  isComplete(): boolean
  /** Whether this call was recovered from a journal that is still there: the next start must know that it has a record. */
  isRecovering(callId: string): boolean
}

export type RecoveryOptions = Pick<ReplayOptions, 'visit' | 'onBegin'> & {
  /** The folder of all journals. */
  readonly dir: string
  /** This process: what is its own was left by a recording thread that died, and its calls are counted elsewhere. */
  readonly run: string
  /** The folder of its tape. */
  readonly own: string
  readonly recorded: {
    read(): Promise<ReadonlySet<string> | undefined>
    newest(): number
    forget(packNumber: number): Promise<void>
  }
  /** Resolves when all records that the recorder made so far are safe. */
  readonly flush: () => Promise<void>
  readonly events: {
    callsRecovered(calls: Replayed): void
    /** These calls could not be recovered. */
    callsLost(calls: number): void
    /** So many bytes are damaged, or of another format: nobody can say whether calls were in them. */
    journalUnreadable(bytes: number): void
    /** It is tried again at the next start. */
    recoveryFailed(cause: unknown): void
  }
  /** Between two looks at whether the spool can be read. */
  readonly retryMs?: number
  readonly probationMs?: number
}

/** A journal with which the process died is tried again, the last time without bodies: one of them may be what it died of. */
const triesWithBodies = 2
const maxTries = 3

/**
 * That is likely where it died while the journal was read, which is a try, and hardly where it died later, before the records
 * were safe: a process may be killed again and again for reasons of its own.
 */
const blame = { whileRead: 4, later: 1 }

/** How old the process must be for another try: one that is killed again before that, for reasons of its own, uses up none. */
const defaultProbationMs = 3_000

export function createRecovery(options: RecoveryOptions): Recovery {
  const { dir, run, own, recorded, events, retryMs = 1_000, probationMs = defaultProbationMs } = options
  const stopping = new AbortController()
  let recovering = Promise.resolve()
  let isComplete = false
  let recoveredCalls = new Set<string>()

  async function recoverAll(): Promise<void> {
    const before = recorded.newest()
    const folders = (await listFolders(dir)).filter((folder) => !isOfRun(folder, run))
    if (folders.length > 0 && !(await recoverFolders(folders))) return
    isComplete = true
    // The keys of an earlier process: nothing is left that would ask for them.
    await recorded.read()
    await recorded.forget(before)
  }

  /** @returns false where something is left for the next start */
  async function recoverFolders(folders: readonly JournalFolder[]): Promise<boolean> {
    const known = await recordedCalls()
    if (known === undefined) return false
    const isBlamed = (folder: JournalFolder): boolean => folder.blame >= blame.whileRead
    for (const folder of folders.filter((each) => !isBlamed(each))) {
      if (!(await recover(folder, known))) return false
    }
    const blamedFolders = folders.filter(isBlamed)
    if (blamedFolders.length > 0) await pause(probationMs, stopping.signal)
    for (const folder of blamedFolders) {
      if (!(await recover(folder, known))) return false
    }
    return true
  }

  /** @returns undefined where the process stops before the spool can be read */
  async function recordedCalls(): Promise<ReadonlySet<string> | undefined> {
    for (;;) {
      const known = await recorded.read()
      if (known !== undefined || stopping.signal.aborted) return known
      await pause(retryMs, stopping.signal)
    }
  }

  /** @returns false where the process stops before that */
  async function recover(folder: JournalFolder, known: ReadonlySet<string>): Promise<boolean> {
    if (stopping.signal.aborted) return false
    const read = await blamed(folder, blame.whileRead)
    const tries = folder.blame / blame.whileRead
    if (tries >= maxTries) {
      events.callsLost(await countCalls(pathOf(read), known))
      await options.flush()
      await remove(read)
      return true
    }
    const shown = await show(read, known, tries < triesWithBodies)
    if (shown === undefined) {
      await blamed(read, -blame.whileRead)
      return false
    }
    const outlived = await blamed(read, blame.later - blame.whileRead)
    await options.flush()
    events.callsRecovered(shown.calls)
    if (shown.unreadableBytes > 0) events.journalUnreadable(shown.unreadableBytes)
    await remove(outlived)
    return true
  }

  /** Shows the recorder a journal. @returns undefined where the process stops before its end */
  async function show(
    folder: JournalFolder,
    known: ReadonlySet<string>,
    withBodies: boolean,
  ): Promise<{ readonly calls: Replayed; readonly unreadableBytes: number } | undefined> {
    const replay = new Replay({
      visit: options.visit,
      onBegin(id) {
        recoveredCalls.add(id)
        options.onBegin(id)
      },
      isRecorded: (id) => known.has(id),
      withBodies,
    })
    let unreadableBytes = 0
    const isWhole = await readJournal(pathOf(folder), replay.visit, {
      onGap: replay.gap,
      isStopped: () => stopping.signal.aborted,
      onUnreadable(bytes) {
        unreadableBytes += bytes
      },
    })
    return isWhole ? { calls: replay.finish(), unreadableBytes } : undefined
  }

  async function remove(folder: JournalFolder): Promise<void> {
    await rm(pathOf(folder), { recursive: true })
    recoveredCalls = new Set()
  }

  const pathOf = (folder: JournalFolder): string => join(dir, folderName(folder))

  async function blamed(folder: JournalFolder, more: number): Promise<JournalFolder> {
    const after = { ...folder, blame: folder.blame + more }
    await rename(pathOf(folder), pathOf(after))
    return after
  }

  return {
    name: 'recovery',
    async start() {
      const left = (await listFolders(dir)).filter((folder) => isOfRun(folder, run)).map(folderName)
      for (const name of left.filter((each) => each !== own)) {
        await rm(join(dir, name), { recursive: true, force: true })
      }
      recovering = recoverAll().catch(events.recoveryFailed)
    },
    async stop() {
      stopping.abort()
      await recovering
    },
    done: () => recovering,
    isComplete: () => isComplete,
    isRecovering: (callId) => recoveredCalls.has(callId),
  }
}

/** @returns how many calls of a journal have no record */
async function countCalls(folder: string, known: ReadonlySet<string>): Promise<number> {
  const calls = new Set<number>()
  const count: FrameReader = (kind, call, _at, payload) => {
    if (kind === kinds.discard) calls.delete(call)
    if (isBegin(kind) && !known.has(readCallId(payload))) calls.add(call)
  }
  await readJournal(folder, count)
  return calls.size
}

import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Part } from '../../shared/lifecycle.ts'
import { pause } from '../../shared/timing/pause.ts'
import { kinds, readCallId } from '../tape/messages.ts'
import { readBatches, readFrames } from './frame-file.ts'
import { fileName, folderName, type JournalFolder, listFiles, listFolders } from './journal-folder.ts'
import { Replay, type Replayed, type ReplayOptions } from './replay.ts'

/** Records the calls that an earlier process was killed with. */
export type Recovery = Part & {
  /** Resolves when all of them have been recorded, or it was given up. */
  done(): Promise<void>
  /** Whether nothing is left that the next start would have to recover. */
  isComplete(): boolean
}

export type RecoveryOptions = Pick<ReplayOptions, 'visit' | 'onBegin'> & {
  /** The folder of all journals. */
  readonly dir: string
  /** This process: what is its own was left by a recording thread that died, and its calls are counted elsewhere. */
  readonly run: string
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
    /** It is tried again at the next start. */
    recoveryFailed(cause: unknown): void
  }
  /** Between two looks at whether the spool can be read. */
  readonly retryMs?: number
}

/**
 * A journal whose recovery ended with the process is tried again, the last time without bodies: one of them may be what it
 * died of.
 */
const triesWithBodies = 2
const maxTries = 3

export function createRecovery(options: RecoveryOptions): Recovery {
  const { dir, run, recorded, events, retryMs = 1_000 } = options
  const stopping = new AbortController()
  let recovering = Promise.resolve()
  let isComplete = false

  async function recoverAll(): Promise<void> {
    const before = recorded.newest()
    const folders = (await listFolders(dir)).filter((folder) => folder.run !== run)
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
    for (const folder of folders) {
      const attempts = folder.attempts + 1
      const path = join(dir, folderName({ ...folder, attempts }))
      await rename(join(dir, folderName(folder)), path)
      if (!(await recover(path, attempts, known))) return false
      await rm(path, { recursive: true })
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

  async function recover(path: string, attempts: number, known: ReadonlySet<string>): Promise<boolean> {
    if (attempts > maxTries) {
      events.callsLost(await countCalls(path, known))
      await options.flush()
      return true
    }
    const replay = new Replay({
      ...options,
      isRecorded: (id) => known.has(id),
      withBodies: attempts <= triesWithBodies,
    })
    for await (const frames of batchesOf(path)) {
      if (stopping.signal.aborted) return false
      readFrames(frames, replay.visit)
    }
    const replayed = replay.finish()
    await options.flush()
    events.callsRecovered(replayed)
    return true
  }

  return {
    name: 'recovery',
    async start() {
      const own = (await listFolders(dir)).filter((folder) => folder.run === run)
      for (const folder of own) await rm(join(dir, folderName(folder)), { recursive: true, force: true })
      recovering = recoverAll().catch(events.recoveryFailed)
    },
    async stop() {
      stopping.abort()
      await recovering
    },
    done: () => recovering,
    isComplete: () => isComplete,
  }
}

/** Other work of the thread comes between two. */
async function* batchesOf(folder: string): AsyncIterable<Buffer> {
  for (const file of await listFiles(folder)) {
    for (const frames of readBatches(await readFile(join(folder, fileName(file))))) {
      yield frames
      await nextTurn()
    }
  }
}

/** @returns how many calls of a journal have no record */
async function countCalls(folder: string, known: ReadonlySet<string>): Promise<number> {
  const calls = new Set<number>()
  for await (const frames of batchesOf(folder)) {
    readFrames(frames, (kind, call, _at, payload) => {
      if (kind === kinds.discard) calls.delete(call)
      if (kind === kinds.begin && !known.has(readCallId(payload))) calls.add(call)
    })
  }
  return calls.size
}

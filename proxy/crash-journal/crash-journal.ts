import { rm } from 'node:fs/promises'
import type { Part } from '../../shared/lifecycle.ts'
import { afterTurns } from '../../shared/timing/after-turns.ts'
import type { FrameReader } from '../tape/ring.ts'
import { AppendFile } from './append-file.ts'
import { createClosedFiles } from './closed-files.ts'
import { FrameBuffer } from './frame-buffer.ts'
import { deleteFiles } from './journal-folder.ts'
import { defaultJournalLimits, type JournalLimits } from './journal-limits.ts'
import { JournalledCalls, type JournalledCallsOptions } from './journalled-calls.ts'

/**
 * Frames of the tape on disk, for as long as the records of their calls are not: what the next process needs to record the
 * calls that a kill interrupts. Nothing waits for it, and it is not synced. What the recording thread has not come to yet is
 * in the ahead journal.
 */
export type CrashJournal = Part & {
  /** Takes a frame of the tape. */
  readonly visit: FrameReader
  /** The records of these calls are safe, or there are none. */
  settle(callIds: readonly string[]): void
  /**
   * Writes what was taken so far, or gives it up.
   * @returns whether a kill takes nothing of it any more; if not, the relay's journal must keep it
   */
  written(): Promise<boolean>
}

export type CrashJournalOptions = Pick<
  JournalledCallsOptions,
  'writeBegin' | 'writeHead' | 'bodyMaxBytes'
> & {
  readonly folder: string
  /** Which calls have a record; see spool/recorded-calls.ts. */
  readonly recorded: { newest(): number; forget(packNumber: number): Promise<void> }
  readonly monotonic: () => number
  readonly events: {
    /** Calls that are under way are not recovered after a kill. */
    journalFailed(cause: unknown): void
    journalWorks(): void
  }
  readonly limits?: JournalLimits
  /** How long it rests after a failure. */
  readonly retryMs?: number
  /** How long a write may take: what is on the tape waits for it. */
  readonly writeMs?: number
}

export function createCrashJournal(options: CrashJournalOptions): CrashJournal {
  const { folder, recorded, monotonic, events, limits = defaultJournalLimits, retryMs = 5_000 } = options
  const { writeMs = 4_000 } = options
  const buffer = new FrameBuffer()
  const calls = new JournalledCalls({ ...options, buffer, waitingMaxBytes: limits.waitingMaxBytes })
  let number = 1
  let file = openFile()
  /** Frames of the tape so far. */
  let taped = 0
  /** Of those, the ones that the newest batch stands for, or one before it. */
  let begunEnd = 0
  /** The last file before frames were not kept for a while: calls that began until then need the relay's journal. */
  let fileBeforeGap: number | undefined
  const closed = createClosedFiles({
    ...{ folder, ...limits, calls },
    forget: recorded.forget,
    onFailure: fail,
  })
  let writing: Promise<void> | undefined
  let rest: NodeJS.Timeout | undefined
  let begunBatches = 0
  let writtenBatches = 0
  let failures = 0
  let hasFailed = false

  const visit: FrameReader = (kind, call, at, payload) => {
    taped = (taped + 1) | 0
    if (rest !== undefined) return calls.passOver(kind, call, payload)
    calls.visit(kind, call, at, payload)
    if (buffer.size > 2 * limits.waitingMaxBytes) fail(notAnswering())
  }

  async function written(): Promise<boolean> {
    // Also where nothing of them is kept: the ahead journal is read from where the last batch ends.
    const hasMore = rest === undefined && taped !== begunEnd
    const [batch, epoch] = [hasMore ? begunBatches + 1 : begunBatches, failures]
    while (writtenBatches < batch && failures === epoch) await (writing ?? beginBatch())
    return failures === epoch && !hasGap()
  }

  function hasGap(): boolean {
    const isNeeded = rest !== undefined || (calls.firstFile() ?? number) <= (fileBeforeGap ?? 0)
    if (!isNeeded) fileBeforeGap = undefined
    return isNeeded
  }

  function beginBatch(): Promise<void> {
    const epoch = failures
    const endWatch = afterTurns(writeMs, () => fail(notAnswering()))
    const batch: Promise<void> = writeBatch(() => failures === epoch)
      .catch((cause) => {
        if (failures === epoch) fail(cause)
      })
      .finally(() => {
        endWatch()
        if (writing === batch) writing = undefined
      })
    writing = batch
    return batch
  }

  /** @param isWanted false once it has been given up: then what is waiting is no longer its own */
  async function writeBatch(isWanted: () => boolean): Promise<void> {
    // Asked before: the frames of what is in a pack by now are in this batch at the latest.
    const newestPack = recorded.newest()
    begunBatches += 1
    const [tapeBegin, tapeEnd] = [begunEnd, taped]
    begunEnd = tapeEnd
    const batch = buffer.take({ begin: tapeBegin, end: tapeEnd })
    const own = file
    await own.append(batch)
    // It may have been opened only after it was given up, and closed.
    if (!isWanted()) return own.close()
    buffer.release(batch)
    writtenBatches = begunBatches
    if (hasFailed) events.journalWorks()
    hasFailed = false
    if (file.bytes >= limits.fileBytes) await beginFile(tapeEnd, newestPack)
    if (closed.isDue()) carry()
  }

  function carry(): void {
    // What is carried on has no gap: the relay's files cannot wait for calls that take for ever.
    if (fileBeforeGap !== undefined) calls.forgetUpTo(fileBeforeGap)
    closed.carry()
  }

  async function beginFile(tapeEnd: number, newestPack: number): Promise<void> {
    const full = file
    closed.add({ number, bytes: full.bytes, tapeEnd, newestPack })
    await full.close()
    openNext()
  }

  function openFile(): AppendFile {
    return new AppendFile(folder, { number, kind: 'frames' }, monotonic)
  }

  function openNext(): void {
    number += 1
    calls.file = number
    file = openFile()
  }

  function fail(cause: unknown): void {
    if (rest !== undefined) return
    hasFailed = true
    failures += 1
    writing = undefined
    writtenBatches = begunBatches
    buffer.clear()
    fileBeforeGap = number
    rest = setTimeout(goOn, retryMs).unref()
    events.journalFailed(cause)
  }

  function goOn(): void {
    rest = undefined
    begunEnd = taped
    void leaveFile().catch(() => undefined)
    openNext()
  }

  /** Closes one that could not be written. */
  async function leaveFile(): Promise<void> {
    const [failed, { bytes }] = [{ number, kind: 'frames' } as const, file]
    // It goes with the next ones: until then it tells of calls whose records may not be safe yet.
    if (bytes > 0) closed.add({ ...failed, bytes, tapeEnd: taped, newestPack: recorded.newest() })
    await file.close()
    // A disk that stays full would gather them.
    if (bytes === 0) await deleteFiles(folder, [failed])
  }

  async function stop(): Promise<void> {
    await written()
    await closed.settled()
    clearTimeout(rest)
    const closing = file.close()
    // What is left is for the next process to recover. The failed write may hang still.
    if (hasFailed) return void closing.catch(() => undefined)
    await closing
    if (calls.size > 0) return
    await rm(folder, { recursive: true, force: true })
    await recorded.forget(recorded.newest())
  }

  return {
    name: 'crash journal',
    visit,
    settle(callIds) {
      for (const id of callIds) calls.settle(id)
    },
    written,
    stop,
  }
}

const notAnswering = (): Error => new Error('The disk of the crash journal does not answer.')

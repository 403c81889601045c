import type { Part } from '../../shared/lifecycle.ts'
import { kinds } from '../tape/messages.ts'
import type { RingMemory } from '../tape/ring.ts'
import type { RingWriter } from '../tape/ring-writer.ts'
import { createAheadFiles } from './ahead-files.ts'
import type { MayJournal } from './may-journal.ts'
import { createPace, type Pace } from './pace.ts'
import { UnsafeFrames } from './unsafe-frames.ts'

/**
 * What the relay itself writes to disk of the tape: what a kill would take with it because the recording thread, which may
 * be busy, or get no processor, has not come to it yet. It writes beside the loop, one batch at a time; nothing waits for it.
 */
export type AheadJournal = Part & {
  /** A frame of this kind was written on the tape. Costs next to nothing. */
  noted(kind: number): void
}

export type AheadJournalOptions = {
  readonly folder: string
  readonly memory: RingMemory
  readonly ring: Pick<RingWriter, 'frames' | 'safeFrames'>
  readonly mayJournal: MayJournal
  /** ms */
  readonly monotonic: () => number
  readonly onFailure: (cause: unknown) => void
  /** How long it rests after a failure. */
  readonly retryMs?: number
  readonly limits?: AheadLimits
}

export type AheadLimits = {
  /** What closes a file. */
  readonly fileBytes: number
  /** Of the tape, at once: what the loop copies without a pause. */
  readonly batchBytes: number
  /** Of writes of what a client knows of: that its request is there, that a response has begun, or ended. */
  readonly pace: Pace
  /** How long all else may wait: longer than the recording thread takes to come to it where it keeps up. */
  readonly lazyMs: number
  /** How far writes may lag: after that all that waits goes into one, without the bodies that do not fit. */
  readonly behindMs: number
  /** Of all files, which wait for the other journal: beyond it bodies are left out. */
  readonly fullBytes: number
  /** Beyond it the oldest go: that journal does not come to them. */
  readonly maxBytes: number
}

/** At once where calls are few, and 125 times a second at most where they are many: what a write costs is in loadtest/NOTES.md. */
export const defaultAheadLimits: AheadLimits = {
  fileBytes: 1_048_576,
  batchBytes: 262_144,
  pace: { everyMs: 8, burst: 250 },
  lazyMs: 120,
  behindMs: 8,
  fullBytes: 16_777_216,
  maxBytes: 33_554_432,
}

/** Journals one tape. */
export function createAheadJournal(options: AheadJournalOptions): AheadJournal {
  const { memory, ring, monotonic, onFailure, retryMs = 5_000, limits = defaultAheadLimits } = options
  const frames = new UnsafeFrames(memory, ring, options.mayJournal)
  const files = createAheadFiles({ ...options, ...limits, safeFrames: () => ring.safeFrames })
  const delay = createPace(limits.pace, monotonic)
  let writing: Promise<void> | undefined
  /** A write is due, or under way: what is noted meanwhile is in it, or in the next one. */
  let isDue = false
  let isAwaited = false
  let isStopped = false
  /** Since when there has been more than fits into one write, or writes have taken long. */
  let behindSince: number | undefined

  function noted(kind: number): void {
    if (isDue || isStopped) return
    if (isUrgent(kind)) due()
    else if (!isAwaited) {
      isAwaited = true
      setTimeout(look, limits.lazyMs)
    }
  }

  function look(): void {
    isAwaited = false
    if (!isDue && frames.hasMore) due()
  }

  function due(): void {
    isDue = true
    const ms = delay()
    if (ms === 0) setImmediate(flush)
    else setTimeout(flush, ms)
  }

  function flush(): void {
    if (isStopped) return
    writing = writeBatch().then(written, rest)
  }

  /** @returns whether there was more than fits into a batch */
  async function writeBatch(): Promise<boolean> {
    const begun = monotonic()
    const isLate = behindSince !== undefined && begun - behindSince >= limits.behindMs
    const isCrowded = files.bytes() > limits.fullBytes
    const batch = frames.take(isCrowded ? 0 : limits.batchBytes, isLate || isCrowded)
    const isFull = frames.hasMore
    if (batch !== undefined) {
      await files.append(batch, frames.end)
      frames.release(batch)
    }
    const isBehind = isFull || monotonic() - begun >= limits.behindMs
    behindSince = isBehind ? (behindSince ?? begun) : undefined
    return isFull
  }

  function written(isFull: boolean): void {
    isDue = isFull
    // The pace is of writes; bytes that are left must not wait for it, or what comes after them would, too.
    if (isFull) setImmediate(flush)
    else if (frames.hasMore && !isStopped) due()
  }

  /** What comes on the tape meanwhile is left to the recording thread. */
  function rest(cause: unknown): void {
    isDue = true
    onFailure(cause)
    setTimeout(() => {
      frames.skip()
      void files.giveUp(frames.end).catch(() => undefined)
      isDue = false
    }, retryMs).unref()
  }

  return {
    name: 'ahead journal',
    noted,
    // Calls must not wait for a disk that hangs.
    start: () => void files.open().catch(rest),
    async stop() {
      isStopped = true
      await writing
      await files.close()
    },
  }
}

const isUrgent = (kind: number): boolean =>
  kind === kinds.end || kind === kinds.responseHead || kind === kinds.requestEnd

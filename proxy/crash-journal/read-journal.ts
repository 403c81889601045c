import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { readFlags } from '../../shared/no-links.ts'
import type { FrameReader } from '../tape/ring.ts'
import { type Batch, readBatches, readFrames } from './frame-file.ts'
import { fileName, type JournalFile, listFiles } from './journal-folder.ts'

export type JournalReading = {
  /** Frames of the tape are in no file: what comes next of calls that are open now is not all that there was. */
  readonly onGap?: () => void
  /** Asked again and again. */
  readonly isStopped?: () => boolean
  /** Bytes of a file that are damaged, or of another format. */
  readonly onUnreadable?: (bytes: number) => void
}

/**
 * Shows the frames of a journal in the order of the tape: those that the recording thread took, and where it took none, or had
 * not come to them yet, those that the relay wrote.
 * @returns false where it was stopped before the end
 */
export async function readJournal(
  folder: string,
  visit: FrameReader,
  { onGap, isStopped, onUnreadable }: JournalReading = {},
): Promise<boolean> {
  const { taken, ahead } = await listFiles(folder)
  const aheadBatches = batchesOf(folder, ahead, onUnreadable)
  let aheadBatch = await aheadBatches.next()
  /** Frames of the tape that have been shown, or passed over, from the first one on. */
  let shown = 0

  /** Shows what the relay has of the next frames. @param end where the other journal goes on, if it does */
  async function showAhead(end?: number): Promise<boolean> {
    while (!aheadBatch.done) {
      if (isStopped?.()) return false
      const { frames, tape } = aheadBatch.value
      if (end !== undefined && isBefore(end, tape.begin)) break
      if (isBefore(shown, tape.begin)) passOver(tape.begin)
      if (isBefore(shown, tape.end)) {
        const last = end !== undefined && isBefore(end, tape.end) ? end : tape.end
        readFrames(frames, between((shown - tape.begin) | 0, (last - tape.begin) | 0, visit))
        shown = last
      }
      if (shown === end) break
      aheadBatch = await aheadBatches.next()
    }
    return true
  }

  function passOver(end: number): void {
    onGap?.()
    shown = end
  }

  for await (const { frames, tape, kind } of batchesOf(folder, taken, onUnreadable)) {
    if (isStopped?.()) return false
    // What was carried on stands for all in front of it.
    if (kind === 'frames' && isBefore(shown, tape.begin)) {
      if (!(await showAhead(tape.begin))) return false
      if (isBefore(shown, tape.begin)) passOver(tape.begin)
    }
    readFrames(frames, visit)
    shown = tape.end
  }
  return showAhead()
}

const isBefore = (a: number, b: number): boolean => ((b - a) | 0) > 0

type FiledBatch = Batch & Pick<JournalFile, 'kind'>

/** Other work of the thread comes between two. */
async function* batchesOf(
  folder: string,
  files: readonly JournalFile[],
  onUnreadable: JournalReading['onUnreadable'],
): AsyncGenerator<FiledBatch, undefined> {
  for (const file of files) {
    for (const batch of readBatches(
      await readFile(join(folder, fileName(file)), { flag: readFlags }),
      onUnreadable,
    )) {
      yield { ...batch, kind: file.kind }
      await nextTurn()
    }
  }
  return undefined
}

/** Shows frames from one number on, up to another one. */
function between(begin: number, end: number, visit: FrameReader): FrameReader {
  let number = 0
  return (...frame) => {
    if (number >= begin && number < end) visit(...frame)
    number += 1
  }
}

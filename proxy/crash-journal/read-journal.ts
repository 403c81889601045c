import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FrameReader } from '../tape/ring.ts'
import { type Batch, readBatches, readFrames } from './frame-file.ts'
import { fileName, type JournalFile, listFiles } from './journal-folder.ts'

export type JournalReading = {
  /** Asked again and again. */
  readonly isStopped?: () => boolean
  /** Bytes of a file that are damaged, or of another format. */
  readonly onUnreadable?: (bytes: number) => void
}

/**
 * Shows the frames of a journal in the order of the tape: those that the recording thread took, then those that only the
 * relay had written yet.
 * @returns false where it was stopped before the end
 */
export async function readJournal(
  folder: string,
  visit: FrameReader,
  { isStopped, onUnreadable }: JournalReading = {},
): Promise<boolean> {
  const { taken, ahead } = await listFiles(folder)
  /** Frames of the tape that have been shown, from the first one on. */
  let shown = 0
  for await (const { frames, tapeEnd } of batchesOf(folder, taken, onUnreadable)) {
    if (isStopped?.()) return false
    readFrames(frames, visit)
    shown = tapeEnd
  }
  for await (const batch of batchesOf(folder, ahead, onUnreadable)) {
    if (isStopped?.()) return false
    const begin = (batch.tapeEnd - countFrames(batch)) | 0
    // What is missing between may be the middle of a body.
    if (((begin - shown) | 0) > 0) return true
    if (((batch.tapeEnd - shown) | 0) <= 0) continue
    readFrames(batch.frames, from((shown - begin) | 0, visit))
    shown = batch.tapeEnd
  }
  return true
}

/** Other work of the thread comes between two. */
async function* batchesOf(
  folder: string,
  files: readonly JournalFile[],
  onUnreadable: JournalReading['onUnreadable'],
): AsyncIterable<Batch> {
  for (const file of files) {
    for (const batch of readBatches(await readFile(join(folder, fileName(file))), onUnreadable)) {
      yield batch
      await nextTurn()
    }
  }
}

function countFrames({ frames }: Batch): number {
  let count = 0
  readFrames(frames, () => {
    count += 1
  })
  return count
}

/** Passes over so many frames first. */
function from(first: number, visit: FrameReader): FrameReader {
  let number = 0
  return (...frame) => {
    if (number >= first) visit(...frame)
    number += 1
  }
}

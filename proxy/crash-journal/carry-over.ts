import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { readFlags, writeFlags } from '../../shared/no-links.ts'
import { FrameBuffer } from './frame-buffer.ts'
import { readBatches, readFrames } from './frame-file.ts'
import { fileName, type JournalFile } from './journal-folder.ts'
import { type BodyBytes, bodyOf, leftOutKinds } from './left-out.ts'

export type CarryOverOptions = {
  readonly folder: string
  /** Of the last file whose place it takes. */
  readonly number: number
  /** Frames of the tape up to the end of that. */
  readonly tapeEnd: number
  /** Beyond it bodies are left out. */
  readonly maxBytes: number
  /** Whether a call still needs its frames. */
  readonly isNeeded: (call: number) => boolean
  /** The rest of a body is not to be journalled any more. */
  readonly onLeftOut: (call: number, body: keyof BodyBytes) => void
}

/**
 * Writes what is still needed of some files into one that takes the place of all up to the last of them. A kill at any
 * moment leaves either these or that one, which also says how far on the tape they went.
 * @param files in order, without those of which nothing is needed
 * @returns bytes of the file
 */
export async function carryOver(files: readonly JournalFile[], options: CarryOverOptions): Promise<number> {
  const { folder, number, tapeEnd } = options
  // It stands for all in front of it: only its end is looked at.
  const tape = { begin: tapeEnd, end: tapeEnd }
  const path = join(folder, fileName({ number, kind: 'carried' }))
  const handle = await open(`${path}.new`, writeFlags, 0o600)
  let written = 0
  try {
    const buffer = new FrameBuffer()
    const sift = createSieve(options, buffer, () => written + buffer.size)
    const write = async (batch: Buffer): Promise<void> => {
      await handle.appendFile(batch)
      written += batch.length
      buffer.release(batch)
    }
    for (const file of files) {
      for (const { frames } of readBatches(
        await readFile(join(folder, fileName(file)), { flag: readFlags }),
      )) {
        readFrames(frames, sift)
      }
      if (buffer.size > 0) await write(buffer.take(tape))
    }
    if (written === 0) await write(buffer.take(tape))
  } finally {
    await handle.close()
  }
  await rename(`${path}.new`, path)
  return written
}

/** @param size of what is carried so far */
function createSieve(
  { isNeeded, maxBytes, onLeftOut }: CarryOverOptions,
  buffer: FrameBuffer,
  size: () => number,
) {
  return (kind: number, call: number, at: number, payload: Buffer): void => {
    if (!isNeeded(call)) return
    const body = bodyOf(kind)
    if (body === undefined || size() + payload.length <= maxBytes) {
      buffer.add(kind, call, at, payload)
      return
    }
    onLeftOut(call, body)
    buffer.addLatin1(leftOutKinds[body], call, at, String(payload.length))
  }
}

import { AppendFile } from './append-file.ts'
import { deleteFiles, type JournalFile } from './journal-folder.ts'

/** The files of an ahead journal: each goes when the recording thread's journal has what is in it. */
export type AheadFiles = {
  /** @param tapeEnd frames of the tape, from its first one on, that this batch and those before it are of */
  append(batch: Buffer, tapeEnd: number): Promise<void>
  /** Makes the first file, so that the first call need not wait for that. */
  open(): Promise<void>
  /** Begins another file: the one before could not be written. @param tapeEnd as with `append` */
  giveUp(tapeEnd: number): Promise<void>
  close(): Promise<void>
  /** Bytes of all that are there. */
  bytes(): number
}

export type AheadFilesOptions = {
  readonly folder: string
  /** What closes a file. */
  readonly fileBytes: number
  /** Of all of them: beyond it the oldest go. */
  readonly maxBytes: number
  /** Frames of the tape, from its first one on, that the recording thread's journal has. */
  readonly safeFrames: () => number
  /** ms */
  readonly monotonic: () => number
}

export function createAheadFiles({
  folder,
  fileBytes,
  maxBytes,
  safeFrames,
  monotonic,
}: AheadFilesOptions): AheadFiles {
  let number = 0
  let current = newFile()
  /** The next one, made in advance: a disk may take its time for that. */
  let next: NumberedFile | undefined
  let making: Promise<void> | undefined
  let closed: readonly ClosedFile[] = []

  const bytes = (): number => closed.reduce((sum, each) => sum + each.bytes, current.file.bytes)

  function newFile(): NumberedFile {
    number += 1
    return { number, file: new AppendFile(folder, aheadFile(number), monotonic) }
  }

  async function makeNext(): Promise<void> {
    const made = newFile()
    await made.file.open()
    if (made.number > current.number) next = made
    // They are read in the order of their numbers: where it came too late, it is of no use any more.
    else await deleteFile(made)
  }

  async function begin(fresh: NumberedFile, tapeEnd: number): Promise<void> {
    const before = current
    closed = [...closed, { number: before.number, tapeEnd, bytes: before.file.bytes }]
    current = fresh
    next = undefined
    await before.file.close()
    await deleteOld()
  }

  async function deleteOld(): Promise<void> {
    const safe = safeFrames()
    const old: ClosedFile[] = []
    for (const each of closed) {
      if (((safe - each.tapeEnd) | 0) < 0 && bytes() <= maxBytes) break
      old.push(each)
      closed = closed.slice(1)
    }
    await deleteFiles(
      folder,
      old.map((each) => aheadFile(each.number)),
    )
  }

  async function deleteFile({ number, file }: NumberedFile): Promise<void> {
    await file.close()
    await deleteFiles(folder, [aheadFile(number)])
  }

  return {
    async append(batch, tapeEnd) {
      await current.file.append(batch)
      if (current.file.bytes < fileBytes) return
      if (next !== undefined) await begin(next, tapeEnd)
      // Where it cannot be made, the one before goes on.
      else
        making ??= makeNext()
          .catch(() => undefined)
          .finally(() => {
            making = undefined
          })
    },
    open: () => current.file.open(),
    giveUp: (tapeEnd) => begin(next ?? newFile(), tapeEnd),
    async close() {
      await making
      await current.file.close()
      await next?.file.close()
    },
    bytes,
  }
}

type ClosedFile = { readonly number: number; readonly tapeEnd: number; readonly bytes: number }

type NumberedFile = { readonly number: number; readonly file: AppendFile }

const aheadFile = (number: number): JournalFile => ({ number, kind: 'ahead' })

import { carryOver } from './carry-over.ts'
import { deleteFiles, type JournalFile } from './journal-folder.ts'
import type { JournalledCalls } from './journalled-calls.ts'

/**
 * @property tapeEnd frames of the tape that are in this file, or before it
 * @property newestPack all calls of packs up to this one have their frames in this file, or before it
 */
export type ClosedFile = JournalFile & {
  readonly bytes: number
  readonly tapeEnd: number
  readonly newestPack: number
}

/** Files of a journal that nothing is appended to any more. */
export type ClosedFiles = {
  add(file: Omit<ClosedFile, 'kind'>): void
  /** Whether they are large enough to be carried over. */
  isDue(): boolean
  /** Begins to write what is still needed of them into one. */
  carry(): void
  /** Resolves when nothing is being carried over. */
  settled(): Promise<void>
}

export type ClosedFilesOptions = {
  readonly folder: string
  /** Bytes from which on it is worth while. */
  readonly carryAtBytes: number
  /** Of the file that they are carried over into; beyond it bodies are left out. */
  readonly carriedMaxBytes: number
  readonly calls: Pick<JournalledCalls, 'firstFile' | 'needs' | 'leaveOut'>
  /** Nobody will ask for calls of packs up to this one. */
  readonly forget: (packNumber: number) => Promise<void>
  readonly onFailure: (cause: unknown) => void
}

export function createClosedFiles(options: ClosedFilesOptions): ClosedFiles {
  const { folder, carryAtBytes, carriedMaxBytes, calls, forget, onFailure } = options
  let closed: readonly ClosedFile[] = []
  let carrying: Promise<void> | undefined

  const bytesOf = (kind: ClosedFile['kind']): number =>
    closed.reduce((sum, each) => sum + (each.kind === kind ? each.bytes : 0), 0)

  async function carryAll(): Promise<void> {
    const files = closed
    const last = files.at(-1) as ClosedFile
    const first = calls.firstFile() ?? Number.POSITIVE_INFINITY
    const needed = files.filter(({ number }) => number >= first)
    const bytes = await carryOver(needed, {
      ...{ folder, number: last.number, tapeEnd: last.tapeEnd },
      maxBytes: carriedMaxBytes,
      isNeeded: (call) => calls.needs(call),
      onLeftOut: (call, body) => calls.leaveOut(call, body),
    })
    closed = [{ ...last, kind: 'carried', bytes }, ...closed.slice(files.length)]
    await deleteFiles(folder, files)
    await forget(last.newestPack)
  }

  return {
    add(file) {
      closed = [...closed, { ...file, kind: 'frames' }]
    },
    // Not before that has doubled, so that each frame is carried a few times at most.
    isDue: () => bytesOf('frames') >= Math.max(carryAtBytes, bytesOf('carried')),
    carry() {
      carrying ??= carryAll()
        .catch(onFailure)
        .finally(() => {
          carrying = undefined
        })
    },
    settled: async () => carrying,
  }
}

import { readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { refuseLink } from '../../shared/no-links.ts'

/**
 * `frames`: what the recording thread took from the tape. `carried`: what was still needed of all of those up to its number;
 * it takes their place. `ahead`: what the relay wrote itself, before the recording thread came to it.
 */
export type JournalFile = { readonly number: number; readonly kind: 'frames' | 'carried' | 'ahead' }

export const fileName = ({ number, kind }: JournalFile): string =>
  `${String(number).padStart(8, '0')}.${kind}`

/** Those of one process that count, each in order. */
export type JournalFiles = { readonly taken: readonly JournalFile[]; readonly ahead: readonly JournalFile[] }

export async function listFiles(folder: string): Promise<JournalFiles> {
  const files = (await readdir(folder))
    .map((name) => /^(\d{8,})\.(carried|frames|ahead)$/.exec(name))
    .filter((match) => match !== null)
    .map((match) => ({ number: Number(match[1]), kind: match[2] as JournalFile['kind'] }))
    .sort((a, b) => a.number - b.number)
  const carried = files.findLast(({ kind }) => kind === 'carried')?.number ?? 0
  return {
    taken: files.filter(
      ({ number, kind }) =>
        (kind === 'frames' && number > carried) || (kind === 'carried' && number === carried),
    ),
    ahead: files.filter(({ kind }) => kind === 'ahead'),
  }
}

/** Files that are gone already are no failure. */
export async function deleteFiles(folder: string, files: readonly JournalFile[]): Promise<void> {
  await Promise.all(files.map((file) => unlink(join(folder, fileName(file))).catch(() => undefined)))
}

/** The folder of one tape, `<run>.<blame>`: how likely it is what processes died of that had begun to recover it. */
export type JournalFolder = { readonly run: string; readonly blame: number }

export const folderName = ({ run, blame }: JournalFolder): string => `${run}.${blame}`

/** @param dir the folder of all journals @returns those that processes have left there, oldest first */
export async function listFolders(dir: string): Promise<readonly JournalFolder[]> {
  return (await foldersIn(dir))
    .map((name) => /^([0-9a-z-]+)\.(\d+)$/.exec(name))
    .filter((match) => match !== null)
    .map((match) => ({ run: match[1] as string, blame: Number(match[2]) }))
    .sort((a, b) => (a.run < b.run ? -1 : 1))
}

async function foldersIn(dir: string): Promise<readonly string[]> {
  try {
    await refuseLink(dir)
    const entries = await readdir(dir, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  } catch {
    return []
  }
}

/** DATA_DIR/crash-journal */
export const journalsIn = (dataDir: string): string => join(dataDir, 'crash-journal')

/** @returns a name of this process that sorts by time; two processes at the same time never share a data folder */
export const newRun = (now: number): string => `${now.toString(36).padStart(9, '0')}-${process.pid}`

/** @param tape how often the process has begun one @returns the name of a tape's folder */
export const tapeFolder = (run: string, tape: number): string =>
  folderName({ run: `${run}-${tape}`, blame: 0 })

export const isOfRun = (folder: JournalFolder, run: string): boolean => folder.run.startsWith(`${run}-`)

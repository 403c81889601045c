import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The files of one process, in the order of their numbers. A carried file holds what was still needed of all files up to
 * its number, and takes their place.
 */
export type JournalFile = { readonly number: number; readonly isCarried: boolean }

export const fileName = ({ number, isCarried }: JournalFile): string =>
  `${String(number).padStart(8, '0')}.${isCarried ? 'carried' : 'frames'}`

/** @returns those that count, in order */
export async function listFiles(folder: string): Promise<readonly JournalFile[]> {
  const files = (await readdir(folder))
    .map((name) => /^(\d{8,})\.(carried|frames)$/.exec(name))
    .filter((match) => match !== null)
    .map((match) => ({ number: Number(match[1]), isCarried: match[2] === 'carried' }))
  const carried = Math.max(0, ...files.filter(({ isCarried }) => isCarried).map(({ number }) => number))
  return files
    .filter(({ number, isCarried }) => number > carried || (isCarried && number === carried))
    .sort((a, b) => a.number - b.number)
}

/** The folder of one process, `<run>.<attempts>`: how often somebody has begun to recover what is in it. */
export type JournalFolder = { readonly run: string; readonly attempts: number }

export const folderName = ({ run, attempts }: JournalFolder): string => `${run}.${attempts}`

/** @param dir the folder of all journals @returns those that processes have left there, oldest first */
export async function listFolders(dir: string): Promise<readonly JournalFolder[]> {
  const names = await readdir(dir).catch(() => [])
  return names
    .map((name) => /^([0-9a-z-]+)\.(\d+)$/.exec(name))
    .filter((match) => match !== null)
    .map((match) => ({ run: match[1] as string, attempts: Number(match[2]) }))
    .sort((a, b) => (a.run < b.run ? -1 : 1))
}

/** DATA_DIR/crash-journal */
export const journalsIn = (dataDir: string): string => join(dataDir, 'crash-journal')

/** @returns a name that sorts by time; two processes at the same time never share a data folder */
export const newRun = (now: number): string => `${now.toString(36).padStart(9, '0')}-${process.pid}`

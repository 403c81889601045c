import { closeSync, constants, openSync, readFileSync } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { codeOf } from './error-cause.ts'
import { makeFolder } from './make-folder.ts'

// The data folder itself may be a link, as a volume often is. Within it one would have records written, or files of others
// read and removed, wherever it leads.

/** Where there is a symbolic link, within the data folder. */
export class SymbolicLink extends Error {
  override readonly name = 'SymbolicLink'
  readonly code = 'ELOOP'

  constructor(path: string) {
    super(`${path} is a symbolic link, which is not followed: remove it`)
  }
}

/** Flags to open files with: `ELOOP` where the last part of the path is a link. Windows has no such flag. */
const noFollow = constants.O_NOFOLLOW ?? 0
export const readFlags = constants.O_RDONLY | noFollow
export const writeFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | noFollow
export const appendFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | noFollow

/** @throws SymbolicLink where there is one in that place; not where there is nothing */
export async function refuseLink(path: string): Promise<void> {
  const found = await lstat(path).catch((cause) => {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw cause
  })
  if (found?.isSymbolicLink() === true) throw new SymbolicLink(path)
}

/** Makes a folder of the data folder where it is missing. @throws SymbolicLink, or the error of the file system */
export async function makeOwnFolder(path: string): Promise<void> {
  await refuseLink(path)
  await makeFolder(path)
}

/** @returns the names in a folder of the data folder; none where it is missing, is a link, or cannot be read */
export async function namesInOwnFolder(path: string): Promise<readonly string[]> {
  try {
    await refuseLink(path)
    return await readdir(path)
  } catch {
    return []
  }
}

/** The text of a file. @throws the error of the file system, `ELOOP` where it is a link */
export function readOwnFileSync(path: string): string {
  const file = openSync(path, readFlags)
  try {
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

/** @returns the names of links in a folder; none where it cannot be read */
export async function linksIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name)
}

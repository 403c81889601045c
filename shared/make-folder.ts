import { existsSync, mkdirSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { codeOf } from './error-cause.ts'

/**
 * Makes a folder and those above it that are missing. Node's own recursive mkdir tries for ever where the parent exists
 * and the system still says ENOENT, as below /proc (nodejs/node issue 31481).
 * @throws the error of the file system
 */
export async function makeFolder(path: string): Promise<void> {
  const folder = resolve(path)
  if (await isFolder(folder)) return
  const parent = dirname(folder)
  if (parent !== folder) await makeFolder(parent)
  await mkdir(folder).catch((cause) => {
    // Somebody else has just made it.
    if (codeOf(cause) !== 'EEXIST') throw cause
  })
}

/** @throws where something else is in its place, or it cannot be looked at */
async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((cause) => {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw cause
  })
  if (found !== undefined && !found.isDirectory()) {
    throw Object.assign(new Error(`${path} is not a folder`), { code: 'ENOTDIR' })
  }
  return found !== undefined
}

/** The same, for the moment before anything runs. */
export function makeFolderSync(path: string): void {
  const folder = resolve(path)
  if (existsSync(folder)) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolderSync(parent)
  mkdirSync(folder)
}

import { mkdir, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { codeOf, reasonOf } from '../../shared/error-cause.ts'
import type { Check } from './check.ts'
import { type Finding, notOk, ok } from './reach/finding.ts'

const remedy = 'DATA_DIR=<a folder that this user may write to>'

/** Whether the data folder can be written, and whether a process is using it now. */
export function dataDirCheck(dataDir: string): Check {
  return {
    name: 'data folder',
    async run(): Promise<Finding> {
      try {
        if (!(await exists(dataDir))) return await canBeCreated(dataDir)
        await writeAndRemove(join(dataDir, `.doctor-${process.pid}`))
      } catch (cause) {
        return notOk(`${dataDir} cannot be written: ${reasonOf(cause)}`, remedy)
      }
      const spoolUser = (await isOpenElsewhere(join(dataDir, 'spool')))
        ? '; a running process has its spool'
        : ''
      return ok(`${dataDir} can be written${spoolUser}`)
    },
  }
}

/** Only making it shows that it can be: below /proc every folder looks as if root could write to it. It is removed again. */
async function canBeCreated(dataDir: string): Promise<Finding> {
  const path = resolve(dataDir)
  const missing = await topmostMissing(path)
  await mkdir(missing)
  await rmdir(missing)
  return ok(`${dataDir} does not exist yet and can be made`)
}

async function topmostMissing(path: string): Promise<string> {
  const parent = dirname(path)
  return (await exists(parent)) ? path : topmostMissing(parent)
}

async function exists(path: string): Promise<boolean> {
  const found = await stat(path).catch((cause) => {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw cause
  })
  return found !== undefined
}

/** Only writing shows a full disk or a read-only one. */
async function writeAndRemove(path: string): Promise<void> {
  await writeFile(path, 'threadtap doctor\n')
  await rm(path)
}

/** LevelDB admits one process at a time, and its lock can only be tested by taking it. */
async function isOpenElsewhere(dir: string): Promise<boolean> {
  const db = new ClassicLevel(dir, { createIfMissing: false })
  try {
    await db.open()
    await db.close()
    return false
  } catch (cause) {
    return codeOf(cause) === 'LEVEL_LOCKED'
  }
}

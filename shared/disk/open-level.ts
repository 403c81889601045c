import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { codeOf } from '../error-cause.ts'
import { linksIn, makeOwnFolder, SymbolicLink } from '../no-links.ts'

export type OpenLevelOptions = {
  readonly compression?: boolean
  /** Called where LevelDB found damage, before its repair. */
  readonly onRepair: (cause: unknown) => void
}

/**
 * Opens a LevelDB, in a folder that is made where it is missing. One that is damaged is repaired: LevelDB keeps whatever
 * can still be read.
 * @throws SymbolicLink, an error of the file system, or of classic-level, code `LEVEL_DATABASE_NOT_OPEN`, with the cause:
 * `LEVEL_LOCKED` where another process has it open, `LEVEL_CORRUPTION` where the repair did not help
 */
export async function openLevel(dir: string, options: OpenLevelOptions): Promise<ClassicLevel> {
  try {
    return await openOnce(dir, options)
  } catch (cause) {
    if (codeOf(cause) !== 'LEVEL_CORRUPTION') throw cause
    options.onRepair(cause)
    await ClassicLevel.repair(dir)
    return openOnce(dir, options)
  }
}

async function openOnce(dir: string, { compression = true }: OpenLevelOptions): Promise<ClassicLevel> {
  await makeOwnFolder(dir)
  // LevelDB opens its files by itself, and follows links.
  const [link] = await linksIn(dir)
  if (link !== undefined) throw new SymbolicLink(join(dir, link))
  const level = new ClassicLevel(dir, { compression })
  await level.open()
  return level
}

import { ClassicLevel } from 'classic-level'
import { codeOf } from '../error-cause.ts'
import { makeFolder } from '../make-folder.ts'

export type OpenLevelOptions = {
  readonly compression?: boolean
  /** Called where LevelDB found damage, before its repair. */
  readonly onRepair: (cause: unknown) => void
}

/**
 * Opens a LevelDB, in a folder that is made where it is missing. One that is damaged is repaired: LevelDB keeps whatever
 * can still be read.
 * @throws an error of the file system, or of classic-level, code `LEVEL_DATABASE_NOT_OPEN`, with the cause:
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
  await makeFolder(dir)
  const level = new ClassicLevel(dir, { compression })
  await level.open()
  return level
}

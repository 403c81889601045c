import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { codeOf, reasonOf } from './error-cause.ts'
import { makeFolder } from './make-folder.ts'

/** The data folder cannot be used; the message is one sentence that names folder, reason, setting and remedy. */
export class DataDirUnusable extends Error {
  override readonly name = 'DataDirUnusable'

  /** @param cause an error of the file system or of classic-level */
  constructor(dataDir: string, cause: unknown) {
    super(codeOf(cause) === 'LEVEL_LOCKED' ? inUse(dataDir) : unusable(dataDir, cause), { cause })
  }
}

/** @returns what keeps the data folder from being used, as far as can be known without writing into it */
export async function dataDirProblem(dataDir: string): Promise<DataDirUnusable | undefined> {
  try {
    await makeFolder(dataDir)
    await access(dataDir, constants.W_OK | constants.X_OK)
    return undefined
  } catch (cause) {
    return new DataDirUnusable(dataDir, cause)
  }
}

export const inUse = (dataDir: string): string =>
  `the data folder ${dataDir} is in use by another process: stop that one, or set DATA_DIR to a folder of its own`

const unusable = (dataDir: string, cause: unknown): string =>
  `the data folder ${dataDir} cannot be used (${reasonOf(cause)}): set DATA_DIR to a folder that this user may write to`

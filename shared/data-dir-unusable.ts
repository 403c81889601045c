import { codeOf, reasonOf } from './error-cause.ts'

/** The data folder cannot be used; the message is one sentence that names folder, reason, setting and cure. */
export class DataDirUnusable extends Error {
  override readonly name = 'DataDirUnusable'

  /** @param cause an error of the file system or of classic-level */
  constructor(dataDir: string, cause: unknown) {
    super(sentence(dataDir, cause), { cause })
  }
}

function sentence(dataDir: string, cause: unknown): string {
  const code = codeOf(cause)
  if (code === 'LEVEL_LOCKED') {
    return `the data folder ${dataDir} is in use by another process: stop that one, or set DATA_DIR to a folder of its own`
  }
  return `the data folder ${dataDir} cannot be used (${reasonOf(cause)}): set DATA_DIR to a folder that this user may write to`
}

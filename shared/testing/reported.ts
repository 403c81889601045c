import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Small exchanges after public bug reports of other gateways, one folder per kind.
const root = process.env.REPORTED_DIR ?? fileURLToPath(new URL('../../../shared/reported', import.meta.url))

/** For the name of a skipped test, so that it is not taken for a passed one. */
export const reportedMissing = existsSync(root)
  ? undefined
  : `SKIPPED: no reported exchanges at ${root}; set REPORTED_DIR to their folder`

export const isReported = (folder: string, file: string): boolean => existsSync(join(root, folder, file))

export const readReported = (folder: string, file: string): Buffer => readFileSync(join(root, folder, file))

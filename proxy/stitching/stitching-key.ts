import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolderSync } from '../../shared/make-folder.ts'
import { readOwnFileSync } from '../../shared/no-links.ts'

/** 64 hex characters. */
export const newStitchingKey = (): string => randomBytes(32).toString('hex')

/**
 * The secret that credentials and contents are hashed with, made where there is none yet. It stays in DATA_DIR, so that
 * what was remembered before a restart is recognised after it.
 * @returns a key of this process alone where the folder cannot be written
 */
export function readStitchingKey(dataDir: string): string {
  const path = join(dataDir, 'stitching.key')
  try {
    return readKey(path)
  } catch {
    const key = newStitchingKey()
    try {
      makeFolderSync(dataDir)
      writeFileSync(path, `${key}\n`, { mode: 0o600, flag: 'wx' })
    } catch {
      // A folder that cannot be written costs the links across a restart, and no more.
    }
    return key
  }
}

/** @throws Error where the file is missing, or holds no key */
function readKey(path: string): string {
  const key = readOwnFileSync(path).trim()
  if (!/^[0-9a-f]{64}$/.test(key)) throw new Error('not a key')
  return key
}

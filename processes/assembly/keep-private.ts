import { chmodSync } from 'node:fs'
import { makeFolderSync } from '../../shared/make-folder.ts'

/**
 * Records are what people said: the data folder, and every file that this process makes from now on, belong to its user
 * alone. Parts that need the folder say so themselves when it cannot be used.
 */
export function keepPrivate(dataDir: string): void {
  process.umask(0o077)
  try {
    makeFolderSync(dataDir)
    chmodSync(dataDir, 0o700)
  } catch {
    // A volume that belongs to somebody else, such as an emptyDir of a pod: its owner decides.
  }
}

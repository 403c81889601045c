import { open, rename, rm } from 'node:fs/promises'
import { writeFlags } from './no-links.ts'

/** Writes the whole file, synced, or leaves what was there. Rejects where it cannot. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}`
  try {
    const file = await open(temporary, writeFlags)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw cause
  }
}

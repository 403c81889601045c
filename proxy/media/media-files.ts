import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeOwnFolder, namesInOwnFolder, readFlags, writeFlags } from '../../shared/no-links.ts'

/** One file per medium, named by its hash. */
export type MediaFiles = {
  /** @returns the bytes of each by its hash, the oldest first; none where the folder cannot be read */
  list(): Promise<ReadonlyMap<string, number>>
  /** Writes all of it or nothing. Rejects where the disk fails. */
  write(sha256: string, bytes: Buffer): Promise<void>
  read(sha256: string): Promise<Buffer | undefined>
  /** In the background; a file that cannot be removed is found again by the next process. */
  remove(sha256: string): void
  /** Resolves when what was to be removed is. */
  idle(): Promise<void>
}

const hashPattern = /^[0-9a-f]{64}$/
const unfinished = '.part'

/** Removes the folder with all that is in it. Never rejects. */
export async function removeMediaFiles(dataDir: string): Promise<void> {
  await rm(folderIn(dataDir), { recursive: true, force: true }).catch(() => undefined)
}

const folderIn = (dataDir: string): string => join(dataDir, 'media')

/** @param dataDir DATA_DIR; the folder `media` in it is made with the first file */
export function createMediaFiles(dataDir: string): MediaFiles {
  const folder = folderIn(dataDir)
  const pathOf = (name: string): string => join(folder, name)
  const removals = new Map<string, Promise<void>>()

  function remove(name: string): void {
    const removed = rm(pathOf(name), { force: true })
      .catch(() => undefined)
      .finally(() => {
        if (removals.get(name) === removed) removals.delete(name)
      })
    removals.set(name, removed)
  }

  async function list(): Promise<ReadonlyMap<string, number>> {
    const names = await namesInOwnFolder(folder)
    for (const name of names) if (name.endsWith(unfinished)) remove(name)
    const found = names
      .filter((name) => hashPattern.test(name))
      .map(async (name) => {
        const { size, mtimeMs } = await stat(pathOf(name)).catch(() => ({ size: 0, mtimeMs: 0 }))
        return { name, size, mtimeMs }
      })
    const oldestFirst = (await Promise.all(found)).sort((a, b) => a.mtimeMs - b.mtimeMs)
    return new Map(oldestFirst.map(({ name, size }) => [name, size]))
  }

  return {
    list,
    async write(sha256, bytes) {
      const temporary = pathOf(`${sha256}${unfinished}`)
      // Otherwise it could remove the file that is written here.
      await removals.get(sha256)
      try {
        await makeOwnFolder(folder)
        await writeFile(temporary, bytes, { flag: writeFlags })
        await rename(temporary, pathOf(sha256))
      } catch (cause) {
        remove(`${sha256}${unfinished}`)
        throw cause
      }
    },
    read: (sha256) =>
      hashPattern.test(sha256)
        ? readFile(pathOf(sha256), { flag: readFlags }).catch(() => undefined)
        : Promise.resolve(undefined),
    remove,
    async idle() {
      await Promise.all(removals.values())
    },
  }
}

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { namesInOwnFolder } from '../../shared/no-links.ts'

export type FolderLimits = { readonly files: number; readonly bytes: number }

const suffix = '.json'

/** @returns the bytes of each JSON file by its name without `.json`; empty for a folder that does not exist */
export async function readSizes(folder: string): Promise<Map<string, number>> {
  const names = await namesInOwnFolder(folder)
  const entries = names
    .filter((name) => name.endsWith(suffix))
    .map(async (name): Promise<[string, number]> => {
      const { size } = await stat(join(folder, name)).catch(() => ({ size: 0 }))
      return [name.slice(0, -suffix.length), size]
    })
  return new Map(await Promise.all(entries))
}

/** @returns how many JSON files there are; 0 for a folder that does not exist */
export async function countFiles(folder: string): Promise<number> {
  const names = await namesInOwnFolder(folder)
  return names.filter((name) => name.endsWith(suffix)).length
}

/** Whether a file of so many bytes fits, in place of the one of that id if there is one. */
export function hasRoom(
  sizes: ReadonlyMap<string, number>,
  id: string,
  bytes: number,
  limits: FolderLimits,
): boolean {
  const replaced = sizes.get(id)
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const files = replaced === undefined ? sizes.size + 1 : sizes.size
  return files <= limits.files && total - (replaced ?? 0) + bytes <= limits.bytes
}

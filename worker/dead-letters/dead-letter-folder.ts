import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isJsonObject, parseJson } from '../../shared/json.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Clock } from '../../shared/timing/clock.ts'

/** What could not be delivered and never will be as it is; kept until somebody replays or removes it. */
export type DeadLetter = {
  readonly v: 1
  /** The record's id, and the file's name. */
  readonly id: string
  /** ISO time of giving it up. */
  readonly at: string
  readonly reason: string
  /** Which sink refused it; absent for packs that could not be read. */
  readonly sink?: string
  /** The spool that it came from. */
  readonly origin: string
  readonly record?: InferenceRecord
  /** Text of a whole pack that could not be read. */
  readonly raw?: string
}

export type DeadLetterLimits = { readonly files: number; readonly bytes: number }

export const deadLetterLimits: DeadLetterLimits = { files: 10_000, bytes: 268_435_456 }

export type DeadLetters = ReturnType<typeof createDeadLetterFolder>

const suffix = '.json'

/**
 * One JSON file per dead record in `folder`, each written whole or not at all.
 * @param folder made when the first one is written
 */
export function createDeadLetterFolder(
  folder: string,
  clock: Clock,
  limits: DeadLetterLimits = deadLetterLimits,
) {
  let sizes: Map<string, number> | undefined
  let last: Promise<boolean> = Promise.resolve(true)
  const pathOf = (id: string): string => join(folder, `${id}${suffix}`)

  /** One after the other, so that two never take the same last place. */
  function keep(letter: DeadLetter): Promise<boolean> {
    last = last.then(() => store(letter))
    return last
  }

  async function store(letter: DeadLetter): Promise<boolean> {
    try {
      const text = JSON.stringify(letter)
      const bytes = Buffer.byteLength(text)
      await mkdir(folder, { recursive: true })
      // Somebody may have made room, in this process or another: a full folder is looked at again.
      if (sizes === undefined || !hasRoom(sizes, letter.id, bytes, limits)) sizes = await readSizes(folder)
      if (!hasRoom(sizes, letter.id, bytes, limits)) return false
      await writeWhole(pathOf(letter.id), text)
      sizes.set(letter.id, bytes)
      return true
    } catch {
      sizes = undefined
      return false
    }
  }

  return {
    /** Keeps a record. @returns false when the folder is full or cannot be written: the record is lost. */
    keep(record: InferenceRecord, origin: string, sink: string, reason: string): Promise<boolean> {
      const at = new Date(clock.now()).toISOString()
      return keep({ v: 1, id: fileId(record.id), at, reason, sink, origin, record })
    },

    /** Keeps the text of a pack that could not be read. @returns as `keep` does */
    keepUnreadable(text: string, origin: string, reason: string): Promise<boolean> {
      const at = new Date(clock.now()).toISOString()
      return keep({ v: 1, id: `pack-${hash(text)}`, at, reason, origin, raw: text })
    },

    /** @returns the ids of all that are kept, in no particular order */
    async list(): Promise<readonly string[]> {
      return [...(await readSizes(folder)).keys()]
    },

    /** @returns undefined where there is no such dead letter, or its file is not one */
    async read(id: string): Promise<DeadLetter | undefined> {
      if (fileId(id) !== id) return undefined
      const text = await readFile(pathOf(id), 'utf8').catch(() => '')
      const letter = parseJson(text)
      // Written by this module, of this version or an older one.
      return isJsonObject(letter) && letter.v === 1 ? (letter as unknown as DeadLetter) : undefined
    },

    async remove(id: string): Promise<void> {
      if (fileId(id) !== id) return
      await rm(pathOf(id), { force: true })
      sizes?.delete(id)
    },
  }
}

/** An id becomes a file's name only where it is harmless as one. */
function fileId(id: string): string {
  return /^[\w-]{1,80}$/.test(id) ? id : hash(id)
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

function hasRoom(
  sizes: ReadonlyMap<string, number>,
  id: string,
  bytes: number,
  limits: DeadLetterLimits,
): boolean {
  const replaced = sizes.get(id)
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const files = replaced === undefined ? sizes.size + 1 : sizes.size
  return files <= limits.files && total - (replaced ?? 0) + bytes <= limits.bytes
}

async function readSizes(folder: string): Promise<Map<string, number>> {
  const names = await readdir(folder).catch(() => [])
  const entries = names
    .filter((name) => name.endsWith(suffix))
    .map(async (name): Promise<[string, number]> => {
      const { size } = await stat(join(folder, name)).catch(() => ({ size: 0 }))
      return [name.slice(0, -suffix.length), size]
    })
  return new Map(await Promise.all(entries))
}

async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}`
  try {
    const file = await open(unfinished, 'w')
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
  } catch (cause) {
    await rm(unfinished, { force: true })
    throw cause
  }
}

import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeadLetter } from '../../shared/admin/dead-letters.ts'
import { isJsonObject, parseJson } from '../../shared/json.ts'
import { makeOwnFolder, readFlags, refuseLink } from '../../shared/no-links.ts'
import { deliveryId } from '../../shared/record/delivery-id.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { writeAtomically } from '../../shared/write-atomically.ts'
import { countFiles, type FolderLimits, hasRoom, readSizes } from './folder-size.ts'

/** A dead letter as its file has it. */
export type StoredDeadLetter = DeadLetter & {
  readonly v: 1
  /** The spool that it came from. */
  readonly origin: string
}

/** One JSON file per dead letter. */
export type DeadLetterFolder = {
  /** Keeps a record. @returns false when the folder is full @throws when it cannot be written */
  keep(record: InferenceRecord, origin: string, sink: string, reason: string): Promise<boolean>
  /** Keeps the text of a pack that could not be read. @returns and throws as `keep` does */
  keepUnreadable(text: string, origin: string, reason: string): Promise<boolean>
  /** How many there are, whoever put them there. */
  count(): Promise<number>
  /** @returns all ids, in no particular order */
  list(): Promise<readonly string[]>
  /** @returns undefined where there is no such file, or it is not a dead letter */
  read(id: string): Promise<StoredDeadLetter | undefined>
  remove(id: string): Promise<void>
}

export const deadLetterLimits: FolderLimits = { files: 10_000, bytes: 268_435_456 }

export type DeadLetterFolderEvents = {
  deadLettersFailed(cause: unknown): void
  deadLettersWritten(): void
}

const unheard: DeadLetterFolderEvents = { deadLettersFailed: () => {}, deadLettersWritten: () => {} }

/** @param folder created with the first dead letter */
export function createDeadLetterFolder(
  folder: string,
  clock: Clock,
  limits: FolderLimits = deadLetterLimits,
  events: DeadLetterFolderEvents = unheard,
): DeadLetterFolder {
  const { save, forget } = createWriter(folder, limits, events)
  const now = (): string => new Date(clock.now()).toISOString()

  return {
    keep: (record, origin, sink, reason) =>
      save({ v: 1, id: letterId(record), at: now(), reason, sink, origin, record }),

    keepUnreadable: (text, origin, reason) =>
      save({ v: 1, id: `pack-${hash(text)}`, at: now(), reason, origin, raw: text }),

    count: () => countFiles(folder),

    list: async () => [...(await readSizes(folder)).keys()],

    async read(id) {
      if (fileId(id) !== id) return undefined
      const letter = parseJson(await readLetter(folder, id).catch(() => ''))
      // Written by this module, of this version or an older one.
      return isJsonObject(letter) && letter.v === 1 ? (letter as unknown as StoredDeadLetter) : undefined
    },

    async remove(id) {
      if (fileId(id) !== id) return
      await refuseLink(folder)
      await rm(pathOf(folder, id), { force: true })
      forget(id)
    },
  }
}

/** Writes within the limits. */
function createWriter(folder: string, limits: FolderLimits, events: DeadLetterFolderEvents) {
  let sizes: Map<string, number> | undefined
  let last: Promise<unknown> = Promise.resolve()

  async function write(letter: StoredDeadLetter): Promise<boolean> {
    try {
      const text = JSON.stringify(letter)
      const bytes = Buffer.byteLength(text)
      await makeOwnFolder(folder)
      // This or another process may have made room, so that a full folder is read again.
      if (sizes === undefined || !hasRoom(sizes, letter.id, bytes, limits)) sizes = await readSizes(folder)
      if (!hasRoom(sizes, letter.id, bytes, limits)) return false
      await writeAtomically(pathOf(folder, letter.id), text)
      sizes.set(letter.id, bytes)
      events.deadLettersWritten()
      return true
    } catch (cause) {
      sizes = undefined
      events.deadLettersFailed(cause)
      throw cause
    }
  }

  return {
    /** One after the other, so that two never take the same last place. */
    save(letter: StoredDeadLetter): Promise<boolean> {
      const saved = last.then(() => write(letter))
      last = saved.catch(() => undefined)
      return saved
    },

    forget: (id: string): boolean | undefined => sizes?.delete(id),
  }
}

async function readLetter(folder: string, id: string): Promise<string> {
  await refuseLink(folder)
  return readFile(pathOf(folder, id), { encoding: 'utf8', flag: readFlags })
}

const pathOf = (folder: string, id: string): string => join(folder, `${id}.json`)

const letterId = (record: InferenceRecord): string => fileId(deliveryId(record))

/** An id is a file name only where it is harmless as one. */
function fileId(id: string): string {
  return /^[\w-]{1,80}$/.test(id) ? id : hash(id)
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

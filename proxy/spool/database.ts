import { dirname } from 'node:path'
import type { ClassicLevel } from 'classic-level'
import { inUse } from '../../shared/data-dir-unusable.ts'
import { openLevel } from '../../shared/disk/open-level.ts'
import { placeOf } from '../../shared/disk/watch-place.ts'
import { codeOf } from '../../shared/error-cause.ts'
import { ledgerKey, originKey, packRange } from './pack-keys.ts'

/** The spool's name, and its ledger as JSON. */
export type StoredLedger = { readonly origin: string | undefined; readonly ledger: string | undefined }

/** What the database holds when it is opened, left by an earlier process or by this one before the disk failed. */
export type StoredContent = StoredLedger & { readonly packKeys: readonly string[] }

/** All keys between the two. */
export type KeyRange = { readonly gt: string; readonly lt: string }

/** A value to write, or null to delete the key. */
export type Change = readonly [key: string, value: string | null]

export class SpoolInUse extends Error {
  override readonly name = 'SpoolInUse'
}

/** The spool's LevelDB, which can be closed and opened again after its disk has failed. */
export type Database = {
  /** @throws SpoolInUse when another process has the folder, or an error of classic-level */
  reopen(): Promise<StoredContent>
  /**
   * Writes all changes or none.
   * @param sync false: they survive the process, and a power cut may undo them
   * @throws when the disk fails
   */
  write(changes: readonly Change[], sync: boolean): Promise<void>
  /** @returns undefined where there is no such key, or where the database was never opened */
  get(key: string): Promise<string | undefined>
  /** Keys of a range with their texts, in order. @throws when they cannot be read */
  entries(range: KeyRange): AsyncIterable<[key: string, text: string]>
  /** False once the folder was deleted, or another one took its place: what is written then is lost. */
  isInPlace(): Promise<boolean>
  close(): Promise<void>
}

/** @param onRepair called where LevelDB found damage and kept what could still be read */
export function createDatabase(dir: string, onRepair: (cause: unknown) => void): Database {
  let level: ClassicLevel | undefined
  let isInPlace = async (): Promise<boolean> => false
  return {
    async reopen() {
      await level?.close()
      level = await openOrSay(dir, onRepair)
      isInPlace = await placeOf(dir)
      return readContent(level)
    },
    async write(changes, sync) {
      // Chained: a list of operations takes several times as long to cross into LevelDB.
      const batch = level?.batch()
      for (const [key, value] of changes) {
        if (value === null) batch?.del(key)
        else batch?.put(key, value)
      }
      await batch?.write({ sync })
    },
    get: async (key) => level?.get(key),
    entries: (range) => level?.iterator(range) ?? nothing(),
    isInPlace: () => isInPlace(),
    close: async () => level?.close(),
  }
}

async function* nothing(): AsyncIterable<never> {}

async function openOrSay(dir: string, onRepair: (cause: unknown) => void): Promise<ClassicLevel> {
  try {
    // A pack lives for seconds: compressing it would cost more than the disk space is worth.
    return await openLevel(dir, { compression: false, onRepair })
  } catch (cause) {
    if (codeOf(cause) === 'LEVEL_LOCKED') throw new SpoolInUse(inUse(dirname(dir)), { cause })
    throw cause
  }
}

async function readContent(level: ClassicLevel): Promise<StoredContent> {
  const [origin, ledger] = await level.getMany([originKey, ledgerKey])
  return { packKeys: await level.keys(packRange).all(), origin, ledger }
}

import { ClassicLevel } from 'classic-level'
import { codeOf } from '../../shared/error-cause.ts'
import { ledgerKey, originKey, packRange } from './pack-keys.ts'

/** What the database holds when it is opened, left by an earlier process or by this one before the disk failed. */
export type StoredContent = {
  readonly packKeys: readonly string[]
  readonly origin: string | undefined
  readonly ledger: string | undefined
}

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
  close(): Promise<void>
}

export function createDatabase(dir: string): Database {
  let level: ClassicLevel | undefined
  return {
    async reopen() {
      await level?.close()
      level = await openOrRepair(dir)
      return readContent(level)
    },
    write: async (changes, sync) => level?.batch(changes.map(toOperation), { sync }),
    get: async (key) => level?.get(key),
    close: async () => level?.close(),
  }
}

async function openOrRepair(dir: string): Promise<ClassicLevel> {
  try {
    return await openLevel(dir)
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'LEVEL_LOCKED') {
      throw new SpoolInUse(`The folder ${dir} is in use by another process.`, { cause })
    }
    if (code !== 'LEVEL_CORRUPTION') throw cause
    // LevelDB's own repair keeps whatever can still be read.
    await ClassicLevel.repair(dir)
    return openLevel(dir)
  }
}

async function openLevel(dir: string): Promise<ClassicLevel> {
  // A pack lives for seconds: compressing it would cost more than the disk space is worth.
  const level = new ClassicLevel(dir, { compression: false })
  await level.open()
  return level
}

async function readContent(level: ClassicLevel): Promise<StoredContent> {
  const [origin, ledger] = await level.getMany([originKey, ledgerKey])
  return { packKeys: await level.keys(packRange).all(), origin, ledger }
}

function toOperation([key, value]: Change) {
  return value === null ? ({ type: 'del', key } as const) : ({ type: 'put', key, value } as const)
}

import { ClassicLevel } from 'classic-level'
import { codeOf } from '../../shared/error-cause.ts'
import { ledgerKey, originKey, packRange } from './pack-keys.ts'

/** What an earlier process, or this one before the disk went away, left on disk. */
export type Stored = {
  readonly packKeys: readonly string[]
  readonly origin: string | undefined
  readonly ledger: string | undefined
}

/** Opens the spool's LevelDB, repaired where it has to be. @throws an error of classic-level, see isLocked */
export async function openDatabase(dir: string): Promise<ClassicLevel> {
  try {
    return await opening(dir)
  } catch (cause) {
    if (codeOf(cause) !== 'LEVEL_CORRUPTION') throw cause
    // LevelDB's own repair keeps whatever can still be read.
    await ClassicLevel.repair(dir)
    return opening(dir)
  }
}

async function opening(dir: string): Promise<ClassicLevel> {
  // A pack is here for seconds: to compress it would cost more than its place on disk.
  const db = new ClassicLevel(dir, { compression: false })
  await db.open()
  return db
}

export async function readStored(db: ClassicLevel): Promise<Stored> {
  const [origin, ledger] = await db.getMany([originKey, ledgerKey])
  return { packKeys: await db.keys(packRange).all(), origin, ledger }
}

/** True for what opening throws where another process has the folder. */
export const isLocked = (cause: unknown): boolean => codeOf(cause) === 'LEVEL_LOCKED'

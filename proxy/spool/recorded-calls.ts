import type { Change } from './database.ts'
import { numberOfRecordedKey, recordedKey, recordedRange } from './pack-keys.ts'
import type { SpoolStore } from './spool-store.ts'

/**
 * Which calls have a record: written in one batch with the pack that holds it, and still there when the pack has long been
 * delivered. After a kill it tells which calls of the crash journal must not be recorded again.
 */
export type RecordedCalls = {
  /** @returns what is to be written along with the pack */
  note(packNumber: number, callIds: readonly string[]): readonly Change[]
  written(packNumber: number): void
  /** Number of the newest pack that was put. */
  newest(): number
  /** @returns ids of all calls that are noted on disk, or undefined while the disk fails */
  read(): Promise<ReadonlySet<string> | undefined>
  /** Calls of packs up to this number will not be asked about any more. */
  forget(packNumber: number): Promise<void>
}

export function createRecordedCalls(store: Pick<SpoolStore, 'write' | 'entries' | 'isOpen'>): RecordedCalls {
  /** Numbers of packs that have a note, in any order. */
  const noted = new Set<number>()
  let newest = 0

  async function read(): Promise<ReadonlySet<string> | undefined> {
    if (!store.isOpen()) return undefined
    const ids = new Set<string>()
    for await (const [key, text] of store.entries(recordedRange)) {
      noted.add(numberOfRecordedKey(key))
      for (const id of text.split(',')) ids.add(id)
    }
    return ids
  }

  async function forget(packNumber: number): Promise<void> {
    const forgotten = [...noted].filter((number) => number <= packNumber)
    for (const number of forgotten) noted.delete(number)
    if (forgotten.length > 0) await store.write(forgotten.map((number) => [recordedKey(number), null]))
  }

  return {
    note(packNumber, callIds) {
      if (callIds.length === 0) return []
      noted.add(packNumber)
      return [[recordedKey(packNumber), callIds.join(',')]]
    },
    written(packNumber) {
      newest = Math.max(newest, packNumber)
    },
    newest: () => newest,
    read,
    forget,
  }
}

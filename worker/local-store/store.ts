import { ClassicLevel } from 'classic-level'
import type { CallDelivery, CallStore } from '../../shared/admin/call-store.ts'
import { openLevel } from '../../shared/disk/open-level.ts'
import { placeOf } from '../../shared/disk/watch-place.ts'
import type { CostOf } from '../../shared/pricing/cost-of.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { queriesOf } from './queries.ts'
import { createRecordWriter } from './record-writer.ts'
import type { SearchLimits } from './search.ts'
import { createStoreSize, type StoreLimits } from './store-size.ts'
import { sublevelsOf } from './sublevels.ts'

/** Calls kept on local disk. */
export type LocalStore = CallStore & {
  /**
   * Writes records through to the disk. A record that is stored already is replaced, which relies on its time
   * and thread being fixed at capture; but one that is complete stays. Beyond the limits the
   * oldest calls are deleted.
   */
  save(records: readonly InferenceRecord[]): Promise<void>
  /** Notes what became of records; those that are not stored are passed over. */
  noteDeliveries(deliveries: readonly NotedDelivery[]): Promise<void>
  /** False once its folder was deleted, or another one took its place: what is saved then is lost. */
  isInPlace(): Promise<boolean>
  close(): Promise<void>
}

/** What became of the record that has this `timelineKey`. */
export type NotedDelivery = { readonly key: string; readonly delivery: CallDelivery }

export type LocalStoreOptions = StoreLimits & {
  readonly dir: string
  /** False: a folder without a store is an error instead of a new store, and one that is damaged is left as it is. */
  readonly create?: boolean
  /** Called where LevelDB found damage, before its repair. */
  readonly onRepair?: (cause: unknown) => void
  readonly costOf?: CostOf
  readonly searchLimits?: SearchLimits
  /**
   * False where records also go elsewhere: these are copies, which need not survive a power cut, and count as waiting
   * until their delivery is noted.
   */
  readonly isOnlyPlace?: boolean
}

/**
 * Opens the store, which one process at a time can.
 * @throws an error of the file system, or of classic-level, code `LEVEL_DATABASE_NOT_OPEN`, with the cause:
 * `LEVEL_LOCKED` where another process has it open
 */
export async function openLocalStore(options: LocalStoreOptions): Promise<LocalStore> {
  const { dir, create = true, costOf, isOnlyPlace = true, searchLimits } = options
  const db = create
    ? await openLevel(dir, { onRepair: options.onRepair ?? (() => {}) })
    : await openExisting(dir)
  const isInPlace = await placeOf(dir)
  const sublevels = sublevelsOf(db)
  const { timeline, deliveries } = sublevels
  const size = await createStoreSize(sublevels, options)
  const write = createRecordWriter(db, sublevels, { costOf, isOnlyPlace, onReplaced: size.replaced })

  async function noteDeliveries(noted: readonly NotedDelivery[]): Promise<void> {
    const stored = await timeline.hasMany(noted.map(({ key }) => key))
    const batch = deliveries.batch()
    for (const [n, { key, delivery }] of noted.entries()) if (stored[n]) batch.put(key, delivery)
    await batch.write()
  }

  // One after the other, because a write, and the size, depend on what is stored already.
  let lastWrite: Promise<unknown> = Promise.resolve()
  function inTurn(task: () => Promise<void>): Promise<void> {
    const done = lastWrite.then(task)
    lastWrite = done.catch(() => undefined)
    return done
  }

  return {
    isInPlace,
    ...queriesOf(sublevels, costOf, searchLimits),
    save: (batch) => inTurn(() => write(batch).then(() => size.deleteOldest(db))),
    noteDeliveries: (noted) => inTurn(() => noteDeliveries(noted)),
    close: () => db.close(),
  }
}

async function openExisting(dir: string): Promise<ClassicLevel> {
  const db = new ClassicLevel(dir, { createIfMissing: false })
  await db.open()
  return db
}

import { ClassicLevel } from 'classic-level'
import type { CallStore } from '../../shared/admin/call-store.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { readingOf } from './reading.ts'
import { placeOf, prefixOf, sectionsOf } from './sections.ts'
import { summariseCall } from './summarise.ts'

/** The calls of this machine, on its own disk. */
export type LocalStore = CallStore & {
  /**
   * Writes records through to the disk. A record that is there already is replaced, which relies on its time
   * and thread being fixed at capture. Beyond the limit the oldest calls are forgotten.
   */
  save(records: readonly InferenceRecord[]): Promise<void>
  close(): Promise<void>
}

export type LocalStoreOptions = {
  readonly dir: string
  /** Calls that are kept. */
  readonly maxCalls: number
  /** False: a folder that is not a store is an error, not the beginning of one. */
  readonly create?: boolean
}

/**
 * Opens the store; one process at a time can.
 * @throws an error of classic-level, code `LEVEL_DATABASE_NOT_OPEN`, whose cause says why:
 * `LEVEL_LOCKED` where another process has it open
 */
export async function openLocalStore(options: LocalStoreOptions): Promise<LocalStore> {
  const { dir, maxCalls, create = true } = options
  const db = new ClassicLevel(dir, { createIfMissing: create })
  await db.open()
  const sections = sectionsOf(db)
  const { records, timeline, threadPlaces } = sections

  let kept = 0
  for await (const _ of timeline.keys()) kept += 1

  async function write(batch: readonly InferenceRecord[]): Promise<void> {
    const byPlace = new Map(batch.map((record) => [placeOf(record), record]))
    // Asked of the timeline, where new ones are beyond the end of nearly every table: no block is read for them.
    const known = await timeline.hasMany([...byPlace.keys()])
    const writes = db.batch()
    for (const [place, record] of byPlace) {
      const summary = summariseCall(record)
      writes.put(record.id, record, { sublevel: records })
      writes.put(place, summary, { sublevel: timeline })
      writes.put(`${prefixOf(summary.thread)}${place}`, place, { sublevel: threadPlaces })
    }
    // What is written here is reported as delivered, and then nobody else has it.
    await writes.write({ sync: true })
    kept += known.filter((there) => !there).length
  }

  async function forgetOldest(): Promise<void> {
    if (kept <= maxCalls) return
    const oldest = await timeline.iterator({ limit: kept - maxCalls }).all()
    const deletions = db.batch()
    for (const [place, { id, thread }] of oldest) {
      deletions.del(id, { sublevel: records })
      deletions.del(place, { sublevel: timeline })
      deletions.del(`${prefixOf(thread)}${place}`, { sublevel: threadPlaces })
    }
    await deletions.write()
    kept -= oldest.length
  }

  // One after the other: what is there already is looked up before it is counted.
  let lastSave: Promise<unknown> = Promise.resolve()
  function save(batch: readonly InferenceRecord[]): Promise<void> {
    const saved = lastSave.then(() => write(batch)).then(forgetOldest)
    lastSave = saved.catch(() => undefined)
    return saved
  }

  return { ...readingOf(sections), save, close: () => db.close() }
}

import { ClassicLevel } from 'classic-level'
import type { CallStore } from '../../shared/admin/call-store.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { queriesOf } from './queries.ts'
import { sublevelsOf, threadPrefix, timelineKey } from './sublevels.ts'
import { summariseCall } from './summarise.ts'

/** Calls kept on local disk. */
export type LocalStore = CallStore & {
  /**
   * Writes records through to the disk. A record that is stored already is replaced, which relies on its time
   * and thread being fixed at capture; but one that is complete stays. Beyond the limit the oldest calls are deleted.
   */
  save(records: readonly InferenceRecord[]): Promise<void>
  close(): Promise<void>
}

export type LocalStoreOptions = {
  readonly dir: string
  readonly maxCalls: number
  /** False: a folder without a store is an error instead of a new store. */
  readonly create?: boolean
}

/**
 * Opens the store, which one process at a time can.
 * @throws an error of classic-level, code `LEVEL_DATABASE_NOT_OPEN`, with the cause:
 * `LEVEL_LOCKED` where another process has it open
 */
export async function openLocalStore(options: LocalStoreOptions): Promise<LocalStore> {
  const { dir, maxCalls, create = true } = options
  const db = new ClassicLevel(dir, { createIfMissing: create })
  await db.open()
  const sublevels = sublevelsOf(db)
  const { records, timeline, threadIndex } = sublevels

  let count = 0
  for await (const _ of timeline.keys()) count += 1

  async function write(batch: readonly InferenceRecord[]): Promise<void> {
    const byKey = new Map<string, InferenceRecord>()
    for (const record of batch) {
      const key = timelineKey(record)
      if (byKey.get(key)?.completedBy === undefined || record.completedBy !== undefined)
        byKey.set(key, record)
    }
    // Looked up in the timeline, where new keys are beyond the end of nearly every table, so that no block is read.
    const stored = await timeline.hasMany([...byKey.keys()])
    const replaced = [...byKey.values()].filter(
      (record, n) => stored[n] === true && record.ending === 'running',
    )
    const kept = await completeAlready(replaced)
    const writes = [...byKey].flatMap(([key, record]) => {
      if (kept.has(record.id)) return []
      const summary = summariseCall(record)
      const indexKey = `${threadPrefix(summary.thread)}${key}`
      return [
        { type: 'put', key: record.id, value: record, sublevel: records },
        { type: 'put', key, value: summary, sublevel: timeline },
        { type: 'put', key: indexKey, value: key, sublevel: threadIndex },
      ] as const
    })
    // A record written here counts as delivered, and there is no other copy.
    await db.batch<string, unknown>(writes, { sync: true })
    count += stored.filter((isStored) => !isStored).length
  }

  /** @returns the ids of those whose result is stored: they come late, by a retry */
  async function completeAlready(running: readonly InferenceRecord[]): Promise<ReadonlySet<string>> {
    const stored = running.length === 0 ? [] : await records.getMany(running.map(({ id }) => id))
    return new Set(stored.flatMap((record) => (record?.completedBy === undefined ? [] : [record.id])))
  }

  async function deleteOldest(): Promise<void> {
    if (count <= maxCalls) return
    const oldest = await timeline.iterator({ limit: count - maxCalls }).all()
    const deletions = db.batch()
    for (const [key, { id, thread }] of oldest) {
      deletions.del(id, { sublevel: records })
      deletions.del(key, { sublevel: timeline })
      deletions.del(`${threadPrefix(thread)}${key}`, { sublevel: threadIndex })
    }
    await deletions.write()
    count -= oldest.length
  }

  // One after the other, because the count depends on what is stored already.
  let lastSave: Promise<unknown> = Promise.resolve()
  function save(batch: readonly InferenceRecord[]): Promise<void> {
    const saved = lastSave.then(() => write(batch)).then(deleteOldest)
    lastSave = saved.catch(() => undefined)
    return saved
  }

  return { ...queriesOf(sublevels), save, close: () => db.close() }
}

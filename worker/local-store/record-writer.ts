import type { ClassicLevel } from 'classic-level'
import { isJsonObject, parseJson } from '../../shared/json.ts'
import type { CostOf } from '../../shared/pricing/cost-of.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { StoreSize } from './store-size.ts'
import { runPrefix, type StoredSummary, type Sublevels, threadPrefix, timelineKey } from './sublevels.ts'
import { summariseCall } from './summarise.ts'

export type RecordWriterOptions = {
  readonly costOf: CostOf | undefined
  /** False where records also go elsewhere: these are copies, which need not survive a power cut. */
  readonly isOnlyPlace: boolean
  /** Told what each record has replaced, if anything, and what is stored now. */
  readonly onReplaced: StoreSize['replaced']
}

/**
 * @returns writes records with their summaries and their places in the indexes, all of a batch or none; not to be called before
 * the write before it is done, because it reads what that one replaces
 */
export function createRecordWriter(
  db: ClassicLevel,
  { records, timeline, threadIndex, runIndex }: Sublevels,
  { costOf, isOnlyPlace, onReplaced }: RecordWriterOptions,
): (batch: readonly InferenceRecord[]) => Promise<void> {
  /** Removes those that still run and whose result is stored: they come late, by a retry. */
  async function forgetLate(
    byKey: Map<string, InferenceRecord>,
    before: ReadonlyMap<string, StoredSummary | undefined>,
  ): Promise<void> {
    const running = [...byKey].filter(
      ([key, { ending }]) => ending === 'running' && before.get(key) !== undefined,
    )
    if (running.length === 0) return
    const stored = await records.getMany(running.map(([, { id }]) => id))
    for (const [n, [key]] of running.entries()) {
      if (isComplete(stored[n])) byKey.delete(key)
    }
  }

  return async (batch) => {
    const byKey = new Map<string, InferenceRecord>()
    for (const record of batch) {
      const key = timelineKey(record)
      if (byKey.get(key)?.completedBy === undefined || record.completedBy !== undefined)
        byKey.set(key, record)
    }
    // Looked up in the timeline, where new keys are beyond the end of nearly every table, so that no block is read.
    const found = await timeline.getMany([...byKey.keys()])
    const before = new Map([...byKey.keys()].map((key, n) => [key, found[n]]))
    await forgetLate(byKey, before)
    const stored = [...byKey.keys()].map((key) => before.get(key))
    const summaries: StoredSummary[] = []
    // Chained: a list of operations takes several times as long to cross into LevelDB.
    const writes = db.batch()
    for (const [key, record] of byKey) {
      const text = JSON.stringify(record)
      const summary = {
        ...summariseCall(record, costOf),
        bytes: Buffer.byteLength(text),
        ...(isOnlyPlace ? {} : { isCopy: true as const }),
      }
      summaries.push(summary)
      writes
        .put(record.id, text, { sublevel: records })
        .put(key, summary, { sublevel: timeline })
        .put(`${threadPrefix(summary.thread)}${key}`, key, { sublevel: threadIndex })
        .put(`${runPrefix(summary.traceId)}${key}`, key, { sublevel: runIndex })
    }
    // Where there is no other copy, a record written here counts as delivered.
    await writes.write({ sync: isOnlyPlace })
    onReplaced(stored, summaries)
  }
}

/** @param text a record as JSON */
function isComplete(text: string | undefined): boolean {
  const record = text === undefined ? undefined : parseJson(text)
  return isJsonObject(record) && record.completedBy !== undefined
}

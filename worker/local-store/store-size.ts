import type { ClassicLevel } from 'classic-level'
import { runPrefix, type StoredSummary, type Sublevels, threadPrefix } from './sublevels.ts'

/** Beyond either of them the oldest call is deleted. */
export type StoreLimits = { readonly maxCalls: number; readonly maxBytes?: number }

/** How much is in the store, and how it is kept within its limits. */
export type StoreSize = {
  /** @param stored what was there before, in the order of what is there now */
  replaced(stored: readonly (StoredSummary | undefined)[], written: readonly StoredSummary[]): void
  deleteOldest(db: ClassicLevel): Promise<void>
}

/** Calls that are deleted in one write: a lower limit can make thousands superfluous at once. */
const deletedAtOnce = 500

/** Reads every summary once, to know how much is there. */
export async function createStoreSize(
  { records, timeline, threadIndex, runIndex, deliveries }: Sublevels,
  { maxCalls, maxBytes = Number.POSITIVE_INFINITY }: StoreLimits,
): Promise<StoreSize> {
  let count = 0
  let bytes = 0
  for await (const summary of timeline.values()) {
    count += 1
    bytes += bytesOf(summary)
  }

  /** @returns whether more may have to go */
  async function deleteSome(db: ClassicLevel): Promise<boolean> {
    const batch = db.batch()
    for await (const [key, summary] of timeline.iterator({ limit: deletedAtOnce })) {
      if (count <= maxCalls && bytes <= maxBytes) break
      batch.del(summary.id, { sublevel: records })
      batch.del(key, { sublevel: timeline })
      batch.del(key, { sublevel: deliveries })
      batch.del(`${threadPrefix(summary.thread)}${key}`, { sublevel: threadIndex })
      batch.del(`${runPrefix(summary.traceId)}${key}`, { sublevel: runIndex })
      count -= 1
      bytes -= bytesOf(summary)
    }
    const hasDeleted = batch.length > 0
    await batch.write()
    return hasDeleted
  }

  return {
    replaced(stored, written) {
      for (const [n, summary] of written.entries()) {
        const before = stored[n]
        if (before === undefined) count += 1
        bytes += bytesOf(summary) - (before === undefined ? 0 : bytesOf(before))
      }
    },
    async deleteOldest(db) {
      while ((count > maxCalls || bytes > maxBytes) && (await deleteSome(db)));
    },
  }
}

/** Older versions did not note it. */
const bytesOf = ({ bytes = 2_000 }: StoredSummary): number => bytes

import { packId } from '../../shared/queue/pack-id.ts'
import { packKey, type SpoolEntry } from './pack-keys.ts'
import { settlePublished } from './settle-published.ts'
import type { Spool, SpooledPack } from './spool.ts'
import { dropPack, entryOf, releaseCopy, type SpoolParts } from './spool-parts.ts'

/**
 * Packs that Redis has. Each stays on disk until its outcome is known: a Redis that loses its data (a restart without
 * persistence, an eviction, an empty replica) costs a second delivery under the same ids, and no record.
 */
export function publishedPacks(
  parts: SpoolParts,
): Pick<Spool, 'published' | 'settlePublished' | 'publishedFor' | 'lostByRedis'> {
  const { metadata, index, store } = parts

  async function published({ entry: { number } }: SpooledPack): Promise<void> {
    const entry = index.find(number)
    // A worker was faster, and its report came before the response to the hand-over.
    if (entry === undefined) return
    index.publish(entry)
    // While the disk fails, a copy would take memory that newer records need.
    if (!store.isOpen()) await store.write(releaseCopy(parts, entry))
  }

  function publishedFor(ms: number): readonly string[] {
    const before = performance.now() - ms
    const ids: string[] = []
    for (const { entry, sinceMs } of index.published()) {
      if (sinceMs > before) break
      ids.push(packId(metadata.origin, entry.number))
    }
    return ids
  }

  async function lostByRedis(ids: readonly string[]) {
    const entries = ids.map((id) => entryOf(parts, id)).filter((entry) => entry !== undefined)
    const [gone, copied] = [entries.filter(isReleased), entries.filter((entry) => !isReleased(entry))]
    for (const entry of gone) dropPack(parts, entry, 'redis_lost')
    for (const entry of copied) index.offer(entry)
    await store.write(gone.map((entry) => [packKey(entry), null]))
    return { waiting: recordsOf(copied), dropped: recordsOf(gone) }
  }

  return {
    published,
    settlePublished: (outcomes) => settlePublished(parts, outcomes),
    publishedFor,
    lostByRedis,
  }
}

const isReleased = ({ bytes }: SpoolEntry): boolean => bytes === 0

const recordsOf = (entries: readonly SpoolEntry[]): number =>
  entries.reduce((sum, { records }) => sum + records, 0)

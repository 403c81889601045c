import { clipCounts, totalOf } from '../../shared/ledger/ledger.ts'
import type { PackOutcome, SettledPack } from '../../shared/queue/outcomes.ts'
import { numberOf, packId } from '../../shared/queue/pack-id.ts'
import type { Change } from './database.ts'
import { packKey, type SpoolEntry } from './pack-keys.ts'
import type { Spool, SpooledPack } from './spool.ts'
import { withReplayed, withSettled } from './spool-ledger.ts'
import { dropPack, releaseCopy, type SpoolParts } from './spool-parts.ts'

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

  async function settlePublished(outcomes: readonly PackOutcome[]): Promise<void> {
    const changes: Change[] = []
    for (const outcome of outcomes) {
      if ('replayed' in outcome) metadata.update(withReplayed(metadata.ledger, outcome.replayed))
      else changes.push(...(await settleOne(outcome)))
    }
    if (outcomes.length > 0) await store.write(changes)
  }

  /** A pack that was processed twice, because its worker died, is counted once, whatever its second outcome. */
  async function settleOne({ pack, before, settled }: SettledPack): Promise<Change[]> {
    const entry = entryOf(pack)
    if (entry === undefined) return []
    const left = Math.max(0, before - totalOf(settled))
    if (left >= entry.records) return []
    metadata.update(withSettled(metadata.ledger, clipCounts(settled, entry.records - left)))
    return left === 0 ? removed(entry) : reduced(entry, left)
  }

  function removed(entry: SpoolEntry): Change[] {
    index.remove(entry)
    return [[packKey(entry), null]]
  }

  async function reduced(entry: SpoolEntry, left: number): Promise<Change[]> {
    const text = await store.read(packKey(entry)).catch(() => undefined)
    // Without its text the copy is given up: an empty one must not be published.
    const bytes = text === undefined ? 0 : entry.bytes
    const replacement = { packed: entry.records, ...entry, records: left, bytes }
    index.replace(replacement)
    return [
      [packKey(entry), null],
      [packKey(replacement), text ?? ''],
    ]
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
    const entries = ids.map(entryOf).filter((entry) => entry !== undefined)
    const [gone, copied] = [entries.filter(isReleased), entries.filter((entry) => !isReleased(entry))]
    for (const entry of gone) dropPack(parts, entry, 'redis_lost')
    for (const entry of copied) index.offer(entry)
    await store.write(gone.map((entry) => [packKey(entry), null]))
    return { waiting: recordsOf(copied), dropped: recordsOf(gone) }
  }

  function entryOf(id: string): SpoolEntry | undefined {
    const number = numberOf(id, metadata.origin)
    return number === undefined ? undefined : index.find(number)
  }

  return { published, settlePublished, publishedFor, lostByRedis }
}

const isReleased = ({ bytes }: SpoolEntry): boolean => bytes === 0

const recordsOf = (entries: readonly SpoolEntry[]): number =>
  entries.reduce((sum, { records }) => sum + records, 0)

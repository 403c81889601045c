import type { DropReason } from '../../shared/ledger/ledger.ts'
import { packId } from '../../shared/queue/pack-id.ts'
import type { Change } from './database.ts'
import { packKey } from './pack-keys.ts'
import type { RecordedCalls } from './recorded-calls.ts'
import type { Spool, SpoolOptions } from './spool.ts'
import { withPack, withRejected } from './spool-ledger.ts'
import { dropPack, packOf, releaseCopy, type SpoolParts } from './spool-parts.ts'

export type SpoolLimits = Pick<SpoolOptions, 'maxBytes' | 'memoryMaxBytes' | 'beside'>

/** How records come into the spool. */
export function putPacks(
  parts: SpoolParts,
  limits: SpoolLimits,
  recorded: RecordedCalls,
): Pick<Spool, 'put' | 'reject'> {
  const { metadata, index, store, events } = parts

  async function put(records: readonly string[], callIds: readonly string[] = []): Promise<void> {
    const number = nextNumber()
    const { origin } = metadata
    const { entry, text } = packOf(packId(origin, number), origin, { number, at: Date.now() }, records)
    if (!store.isOpen() && store.unwrittenBytes() + entry.bytes > limits.memoryMaxBytes) {
      reject(entry.records, 'memory_full')
      return
    }
    metadata.update(withPack(metadata.ledger, number, entry.records))
    index.add(entry)
    await store.write([...makeRoom(), [packKey(entry), text], ...recorded.note(number, callIds)])
    recorded.written(number)
    // Packs that arrived at once with others could not give way before.
    const late = makeRoom()
    index.offer(entry)
    if (late.length > 0) await store.write(late)
  }

  /**
   * While the disk fails, an earlier process may have used numbers that this one cannot see, and a crash may
   * forget those used now. The wall clock in ms is far beyond both.
   */
  function nextNumber(): number {
    const { nextNumber } = metadata.ledger
    return store.isOpen() ? nextNumber : Math.max(nextNumber, Date.now())
  }

  /** @returns the deletions of the packs that had to go, and of copies of packs that Redis has */
  function makeRoom(): readonly Change[] {
    const changes: Change[] = []
    const { maxBytes, beside } = limits
    const excess = index.bytes + index.publishedBytes + (beside?.bytes() ?? 0) - maxBytes
    if (excess > 0) beside?.evict(excess)
    for (const { entry } of index.published()) {
      if (index.bytes + index.publishedBytes <= maxBytes) return changes
      if (entry.bytes > 0) changes.push(...releaseCopy(parts, entry))
    }
    while (index.bytes > maxBytes) {
      const oldest = index.take()
      if (oldest === undefined) break
      dropPack(parts, oldest, 'spool_full')
      changes.push([packKey(oldest), null])
    }
    return changes
  }

  function reject(records: number, reason: DropReason): void {
    metadata.update(withRejected(metadata.ledger, records, reason))
    events.dropped(records, reason)
    // At once: a process or thread that dies before the next pack must not forget what it counted.
    void store.write([])
  }

  return { put, reject }
}

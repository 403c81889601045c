import { type Counts, clipCounts } from '../../shared/ledger/ledger.ts'
import type { Change } from './database.ts'
import { packKey } from './pack-keys.ts'
import type { Spool, SpooledPack } from './spool.ts'
import { withReplayed, withSettled } from './spool-ledger.ts'
import { packOf, type SpoolParts } from './spool-parts.ts'

/** How the outcome of packs comes into the ledger. */
export function settlePacks({ metadata, index, store }: SpoolParts): Pick<Spool, 'settle' | 'replayed'> {
  async function settle(
    pack: SpooledPack,
    counts: Counts,
    remaining: readonly string[],
  ): Promise<SpooledPack | undefined> {
    const left = remaining.length === 0 ? undefined : packOf(pack.id, metadata.origin, pack.entry, remaining)
    // Where Redis reported an outcome of some of its records earlier, those are counted already.
    const uncounted = pack.entry.records - remaining.length
    metadata.update(withSettled(metadata.ledger, clipCounts(counts, uncounted)))
    index.remove(pack.entry)
    if (left !== undefined) index.add(left.entry)
    const replacement: readonly Change[] = left === undefined ? [] : [[packKey(left.entry), left.text]]
    await store.write([deletionOf(pack), ...replacement])
    return left
  }

  async function replayed(records: number): Promise<void> {
    metadata.update(withReplayed(metadata.ledger, records))
    await store.write([])
  }

  return { settle, replayed }
}

const deletionOf = (pack: SpooledPack): Change => [packKey(pack.entry), null]

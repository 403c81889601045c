import { clipCounts, totalOf } from '../../shared/ledger/ledger.ts'
import type { PackOutcome, SettledPack } from '../../shared/queue/outcomes.ts'
import type { Change } from './database.ts'
import { packKey, type SpoolEntry } from './pack-keys.ts'
import { withReplayed, withSettled } from './spool-ledger.ts'
import { entryOf, type SpoolParts } from './spool-parts.ts'

/** Notes what workers report of packs that Redis has. */
export async function settlePublished(parts: SpoolParts, outcomes: readonly PackOutcome[]): Promise<void> {
  const { metadata, store } = parts
  const changes: Change[] = []
  for (const outcome of outcomes) {
    if ('replayed' in outcome) metadata.update(withReplayed(metadata.ledger, outcome.replayed))
    else changes.push(...(await settleOne(parts, outcome)))
  }
  if (outcomes.length > 0) await store.write(changes)
}

/** A pack that was processed twice, because its worker died, is counted once, whatever its second outcome. */
async function settleOne(
  parts: SpoolParts,
  { pack, before, settled }: SettledPack,
): Promise<readonly Change[]> {
  const { metadata, index } = parts
  const entry = entryOf(parts, pack)
  if (entry === undefined) return []
  const left = Math.max(0, before - totalOf(settled))
  if (left >= entry.records) return []
  metadata.update(withSettled(metadata.ledger, clipCounts(settled, entry.records - left)))
  if (left > 0) return reduced(parts, entry, left)
  index.remove(entry)
  return [[packKey(entry), null]]
}

/** A pack of which only some records are left. */
async function reduced(
  { index, store }: SpoolParts,
  entry: SpoolEntry,
  left: number,
): Promise<readonly Change[]> {
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

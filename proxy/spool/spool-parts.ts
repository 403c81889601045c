import type { DropReason } from '../../shared/ledger/ledger.ts'
import { numberOf } from '../../shared/queue/pack-id.ts'
import { encodePack } from '../../shared/record/codec.ts'
import type { Change } from './database.ts'
import type { PackIndex } from './pack-index.ts'
import { packKey, type SpoolEntry } from './pack-keys.ts'
import type { SpoolEvents, SpooledPack } from './spool.ts'
import { withDropped } from './spool-ledger.ts'
import type { SpoolMetadata } from './spool-metadata.ts'
import type { SpoolStore } from './spool-store.ts'

/** What putting, taking and settling packs work on together. */
export type SpoolParts = {
  readonly metadata: SpoolMetadata
  readonly index: PackIndex
  readonly store: SpoolStore
  readonly events: SpoolEvents
}

/** Drops a held pack from the index and counts it. The caller deletes its text. */
export function dropPack(
  { metadata, index, events }: SpoolParts,
  entry: SpoolEntry,
  reason: DropReason,
): void {
  index.remove(entry)
  metadata.update(withDropped(metadata.ledger, entry.records, reason))
  events.dropped(entry.records, reason)
}

/**
 * Gives up the copy of a pack that Redis has. The spool still knows of the pack, for the ledger.
 * @returns what is to be written
 */
export function releaseCopy({ index }: SpoolParts, entry: SpoolEntry): readonly Change[] {
  const released = { ...entry, bytes: 0 }
  index.replace(released)
  return [
    [packKey(entry), null],
    [packKey(released), ''],
  ]
}

/** @param records each as JSON @param at when they came, where that is known */
export function packOf(
  id: string,
  origin: string,
  { number, at }: Pick<SpoolEntry, 'number' | 'at'>,
  records: readonly string[],
): SpooledPack {
  const text = encodePack(id, origin, records)
  const bytes = Buffer.byteLength(text)
  const entry = { number, records: records.length, bytes, ...(at !== undefined && { at }) }
  return { id, text, records: records.length, entry }
}

/** @returns the pack with this id, where it is still known */
export function entryOf({ metadata, index }: SpoolParts, id: string): SpoolEntry | undefined {
  const number = numberOf(id, metadata.origin)
  return number === undefined ? undefined : index.find(number)
}

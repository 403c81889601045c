import { totalOf } from '../../shared/ledger/ledger.ts'
import { withDropped, withReturned } from './spool-ledger.ts'
import type { SpoolParts } from './spool-parts.ts'

/**
 * Makes the ledger true of a spool that has just been opened: what was accepted and is nowhere was lost with the files that
 * it was in; packs that are more than there should be were settled, and came back with older files.
 */
export function countLost({
  metadata,
  index,
  events,
}: Pick<SpoolParts, 'metadata' | 'index' | 'events'>): void {
  const { ledger } = metadata
  const present = index.records + index.publishedRecords
  const lost = ledger.accepted - totalOf(ledger) - present
  if (lost < 0) metadata.update(withReturned(ledger, -lost))
  if (lost > 0) {
    metadata.update(withDropped(ledger, lost, 'spool_lost'))
    events.dropped(lost, 'spool_lost')
  }
}

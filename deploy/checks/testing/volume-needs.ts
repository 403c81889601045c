import { defaultAheadLimits } from '../../../proxy/crash-journal/ahead-journal.ts'
import { defaultJournalLimits } from '../../../proxy/crash-journal/journal-limits.ts'

/**
 * The most that a sidecar writes below DATA_DIR, in bytes. The database of the spool holds more than its records until it is
 * compacted: taken as twice of them. Journals are there twice: what a process that was killed has left stays until the next
 * one has recorded it.
 */
export const volumeNeeds = (spoolBytes: number): number =>
  2 * (spoolBytes + journalBytes()) + rememberedCallsBytes

/** stitching.journal, two files (proxy/stitching/journal.ts). */
const rememberedCallsBytes = 2 * 6_291_456

function journalBytes(): number {
  const { fileBytes, carryAtBytes, carriedMaxBytes, waitingMaxBytes } = defaultJournalLimits
  // A file is closed only after the batch that filled it, and another may be full while those before it are carried over.
  const frames = carryAtBytes + 2 * (fileBytes + waitingMaxBytes)
  const carried = 2 * carriedMaxBytes
  const ahead = defaultAheadLimits.maxBytes + 2 * defaultAheadLimits.fileBytes
  return frames + carried + ahead
}

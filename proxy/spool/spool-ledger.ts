import { isJsonObject, parseJson } from '../../shared/json.ts'
import { addCounts, type Counts, type DropReason, type Ledger, noCounts } from '../../shared/ledger/ledger.ts'

/** What a spool remembers of all records it ever accepted, written together with the packs. */
export type SpoolLedger = Counts & {
  readonly accepted: number
  /** Number of the next pack: never used twice, because ids are made of it. */
  readonly nextNumber: number
}

export const emptyLedger: SpoolLedger = { ...noCounts, accepted: 0, nextNumber: 1 }

/** @param packNumber number of the pack that carries the records */
export function withPack(ledger: SpoolLedger, packNumber: number, records: number): SpoolLedger {
  return { ...ledger, accepted: ledger.accepted + records, nextNumber: packNumber + 1 }
}

/** Records that were accepted and never became a pack. */
export function withRejected(ledger: SpoolLedger, records: number, reason: DropReason): SpoolLedger {
  return withDropped({ ...ledger, accepted: ledger.accepted + records }, records, reason)
}

export function withDropped(ledger: SpoolLedger, records: number, reason: DropReason): SpoolLedger {
  return withSettled(ledger, { ...noCounts, dropped: { [reason]: records } })
}

export function withSettled(ledger: SpoolLedger, counts: Counts): SpoolLedger {
  return { ...ledger, ...addCounts(ledger, counts) }
}

/** Dead letters that were delivered after all. A report that comes twice takes back no more than there are. */
export function withReplayed(ledger: SpoolLedger, records: number): SpoolLedger {
  const replayed = Math.min(records, ledger.deadLettered)
  return withSettled(ledger, { ...noCounts, delivered: replayed, deadLettered: -replayed })
}

/** Records that were settled, and wait to be settled again: they count as delivered only once more. */
export function withReturned(ledger: SpoolLedger, records: number): SpoolLedger {
  const undone = Math.min(records, ledger.delivered)
  return { ...ledger, delivered: ledger.delivered - undone, accepted: ledger.accepted + records - undone }
}

/** Joins what a process counted while its disk was away with what the disk has from before. */
export function joinLedgers(a: SpoolLedger, b: SpoolLedger): SpoolLedger {
  return {
    ...addCounts(a, b),
    accepted: a.accepted + b.accepted,
    nextNumber: Math.max(a.nextNumber, b.nextNumber),
  }
}

/**
 * @param spooled records that are in the spool now
 * @param queued records that Redis has
 */
export function toLedger(ledger: SpoolLedger, spooled: number, queued: number): Ledger {
  const { accepted, delivered, deadLettered, dropped } = ledger
  return { accepted, spooled, queued, delivered, deadLettered, dropped }
}

/** @returns the ledger that an earlier process wrote as JSON, or undefined where there is none */
export function parseLedger(text: string | undefined): SpoolLedger | undefined {
  const stored = text === undefined ? undefined : parseJson(text)
  if (!isJsonObject(stored)) return undefined
  // Version 0.1.0 counted the outcome of what it had handed to Redis there, in a place that nobody reads any more.
  const { published = 0, ...ledger } = { ...emptyLedger, ...stored } as SpoolLedger & { published?: number }
  return { ...ledger, accepted: ledger.accepted - published }
}

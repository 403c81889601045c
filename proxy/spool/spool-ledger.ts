import { isJsonObject, parseJson } from '../../shared/json.ts'
import { addCounts, type Counts, type DropReason, type Ledger, noCounts } from '../../shared/ledger/ledger.ts'

/** What a spool remembers of all records it ever accepted, written together with the packs. */
export type SpoolLedger = Counts & {
  readonly accepted: number
  /** Handed to Redis; their outcomes are counted there (shared/queue/settled-counts.ts). */
  readonly published: number
  /** Number of the next pack: never used twice, because ids are made of it. */
  readonly nextNumber: number
}

export const emptyLedger: SpoolLedger = { ...noCounts, accepted: 0, published: 0, nextNumber: 1 }

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

export function withPublished(ledger: SpoolLedger, records: number): SpoolLedger {
  return { ...ledger, published: ledger.published + records }
}

/** Dead letters that were delivered after all. */
export function withReplayed(ledger: SpoolLedger, records: number): SpoolLedger {
  return withSettled(ledger, { ...noCounts, delivered: records, deadLettered: -records })
}

/** Joins what a process counted while its disk was away with what the disk has from before. */
export function joinLedgers(a: SpoolLedger, b: SpoolLedger): SpoolLedger {
  return {
    ...addCounts(a, b),
    accepted: a.accepted + b.accepted,
    published: a.published + b.published,
    nextNumber: Math.max(a.nextNumber, b.nextNumber),
  }
}

/** @param spooled records that are in the spool now */
export function toLedger(ledger: SpoolLedger, spooled: number): Ledger {
  const { accepted, published, delivered, deadLettered, dropped } = ledger
  return { accepted, spooled, queued: published, delivered, deadLettered, dropped }
}

/** @returns the ledger that an earlier process wrote as JSON, or undefined where there is none */
export function parseLedger(text: string | undefined): SpoolLedger | undefined {
  const stored = text === undefined ? undefined : parseJson(text)
  return isJsonObject(stored) ? ({ ...emptyLedger, ...stored } as SpoolLedger) : undefined
}

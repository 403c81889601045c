import { isJsonObject, parseJson } from '../../shared/json.ts'
import { addCounts, type Counts, noCounts } from '../../shared/ledger/ledger.ts'

/** What a spool remembers of all records it ever took, written together with the packs. */
export type SpoolLedger = Counts & {
  readonly accepted: number
  /** Handed to Redis; what became of them there stands in Redis (settled.ts). */
  readonly published: number
  /** Number of the next pack: never used twice, because ids are made of it. */
  readonly nextNumber: number
}

export const emptyLedger: SpoolLedger = { ...noCounts, accepted: 0, published: 0, nextNumber: 1 }

/** Joins what a process counted while its disk was away with what the disk knew from before. */
export function joinLedgers(a: SpoolLedger, b: SpoolLedger): SpoolLedger {
  return {
    ...addCounts(a, b),
    accepted: a.accepted + b.accepted,
    published: a.published + b.published,
    nextNumber: Math.max(a.nextNumber, b.nextNumber),
  }
}

/** @returns the ledger that an earlier process wrote as JSON, or undefined where there is none */
export function parseLedger(text: string | undefined): SpoolLedger | undefined {
  const stored = text === undefined ? undefined : parseJson(text)
  return isJsonObject(stored) ? ({ ...emptyLedger, ...stored } as SpoolLedger) : undefined
}

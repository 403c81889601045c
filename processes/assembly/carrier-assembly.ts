import type { ReadLedger } from '../../shared/ledger/ledger.ts'
import type { Part } from '../../shared/lifecycle.ts'

/** One end of a carrier: its parts, and its ledger. */
export type CarrierAssembly = { readonly ledger: ReadLedger; readonly parts: readonly Part[] }

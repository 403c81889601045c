import type { CallFilter, Search } from '../../shared/admin/call-search.ts'
import type { CallStore } from '../../shared/admin/call-store.ts'
import type { Cost } from '../../shared/pricing/cost-of.ts'
import { type CallSource, withCallSource } from '../admin/call-source.ts'
import { type FilterOptions, filterFrom } from '../command-line/filter-options.ts'
import { jsonOutcome } from '../terminal/json-outcome.ts'
import type { Outcome } from '../terminal/outcome.ts'
import { priceNote } from '../terminal/price-note.ts'
import { paintOf, type Screen } from '../terminal/screen.ts'
import { sentence } from '../terminal/sentence.ts'
import { type Column, table } from '../terminal/table.ts'

/** Options of a command that lists something from the call store. */
export type ListingOptions = CallSource &
  Screen & { readonly limit: number; readonly json: boolean } & FilterOptions

type Listing<T> = {
  /** @returns what fits, newest first */
  readonly find: (store: CallStore, search: Search) => Promise<readonly T[]>
  /** Printed where nothing does: a sentence. */
  readonly emptyText: (store: CallStore, filter: CallFilter) => Promise<string>
  readonly columns: (now: number) => readonly Column<T>[]
}

/** Printed, or said, where the store is empty. */
export const noCalls = 'No calls are recorded yet.'

export const isEmpty = async (store: CallStore): Promise<boolean> =>
  (await store.calls({ limit: 1 })).length === 0

/** @returns a table, or JSON */
export async function listing<T extends { readonly cost?: Cost }>(
  options: ListingOptions,
  { find, emptyText, columns }: Listing<T>,
): Promise<Outcome> {
  const { limit, json, width, now } = options
  const filter = filterFrom(options, now)
  return withCallSource(options, async (store) => {
    const found = await find(store, { ...filter, limit })
    if (json) return jsonOutcome(found)
    if (found.length === 0) return { text: sentence(await emptyText(store, filter), width), ok: true }
    const note = priceNote(
      found.map(({ cost }) => cost),
      options,
    )
    return { text: table(columns(now), found, width, paintOf(options)) + note, ok: true }
  })
}

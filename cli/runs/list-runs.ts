import type { CallStore } from '../../shared/admin/call-store.ts'
import type { RunSummary } from '../../shared/admin/runs.ts'
import { costText, duration, inAndOut, localTime, shortId } from '../../shared/presentation/cells.ts'
import { searchToLimit } from '../admin/search-to-limit.ts'
import { nothingFits } from '../command-line/filter-options.ts'
import { isEmpty, type ListingOptions, listing, noCalls } from '../listing/listing.ts'
import type { Outcome } from '../terminal/outcome.ts'
import type { Column } from '../terminal/table.ts'

/** The newest agent runs, newest first. */
export const listRuns = (options: ListingOptions): Promise<Outcome> =>
  listing(options, {
    find: (store, search) => searchToLimit(store.searchRuns, search),
    emptyText: async (store) =>
      (await store.runs({ limit: 1 })).length > 0 ? nothingFits : noRunsText(store),
    columns,
  })

/** Nothing at all, or only calls that were not looked at for links? */
export const noRunsText = async (store: CallStore): Promise<string> =>
  (await isEmpty(store))
    ? noCalls
    : 'No runs are kept here, only calls that belong to none: threadtap calls lists them (STITCH=off finds no runs).'

const columns = (now: number): Column<RunSummary>[] => [
  { header: 'BEGAN', cell: ({ startedAt }) => localTime(startedAt, now), leftOut: 3 },
  { header: 'ID', cell: ({ id }) => shortId(id) },
  { header: 'TOOK', align: 'right', cell: ({ durationMs }) => duration(durationMs) },
  { header: 'AGENT', minWidth: 8, maxWidth: 28, cell: ({ agent }) => agent?.replace(/^agent_/, '') ?? '-' },
  { header: 'TURN', align: 'right', cell: ({ turn, turns }) => `${turn}/${turns}`, leftOut: 4 },
  { header: 'CALLS', align: 'right', cell: ({ calls }) => String(calls) },
  { header: 'TOOLS', align: 'right', cell: ({ tools }) => String(tools) },
  {
    header: 'ERRORS',
    align: 'right',
    cell: ({ errors }) => String(errors),
    style: ({ errors }) => (errors > 0 ? 'red' : undefined),
  },
  { header: 'TOKENS', align: 'right', cell: ({ tokens }) => inAndOut(tokens.input, tokens.output) },
  { header: 'COST', align: 'right', cell: ({ cost }) => costText(cost) },
  { header: 'INPUT', minWidth: 16, maxWidth: 60, cell: ({ input }) => input ?? '-', leftOut: 2 },
  { header: 'OUTPUT', minWidth: 16, maxWidth: 60, cell: ({ output }) => output ?? '-', leftOut: 1 },
]

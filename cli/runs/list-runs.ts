import type { CallQueries } from '../../shared/admin/call-store.ts'
import type { RunSummary } from '../../shared/admin/runs.ts'
import { costText, duration, inAndOut, localTime, shortId } from '../../shared/presentation/cells.ts'
import { type CallSource, withCallSource } from '../admin/call-source.ts'
import { searchToLimit } from '../admin/search-to-limit.ts'
import { type FilterOptions, filterFrom, nothingFits } from '../command-line/filter-options.ts'
import { jsonOutcome } from '../terminal/json-outcome.ts'
import type { Outcome } from '../terminal/outcome.ts'
import { priceNote } from '../terminal/price-note.ts'
import { paintOf, type Screen } from '../terminal/screen.ts'
import { type Column, table } from '../terminal/table.ts'

export type ListRunsOptions = CallSource &
  Screen & { readonly limit: number; readonly json: boolean } & FilterOptions

/** The newest agent runs, newest first. */
export async function listRuns(options: ListRunsOptions): Promise<Outcome> {
  const { limit, json, width, now } = options
  const filter = filterFrom(options, now)
  return withCallSource(options, async (store) => {
    const runs = await searchToLimit(store.searchRuns, { ...filter, limit })
    if (json) return jsonOutcome(runs)
    if (runs.length === 0) {
      const hasRuns = (await store.runs({ limit: 1 })).length > 0
      return { text: hasRuns ? nothingFits : await noRunsText(store), ok: true }
    }
    const note = priceNote(
      runs.map(({ cost }) => cost),
      options,
    )
    return { text: table(columns(now), runs, width, paintOf(options)) + note, ok: true }
  })
}

/** Nothing at all, or only calls that were not looked at for links? */
export async function noRunsText(store: CallQueries): Promise<string> {
  const isEmpty = (await store.calls({ limit: 1 })).length === 0
  return isEmpty
    ? 'No calls are recorded yet.\n'
    : 'No runs are kept here, only calls that belong to none: threadtap calls lists them (STITCH=off finds no runs).\n'
}

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

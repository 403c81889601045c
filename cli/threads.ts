import { Command } from 'commander'
import type { ThreadSummary } from '../shared/admin/call-store.ts'
import { loadConfig } from '../shared/config/load.ts'
import { costText, inAndOut, localTime } from '../shared/presentation/cells.ts'
import { searchToLimit } from './admin/search-to-limit.ts'
import type { CliEnvironment } from './command-line/environment.ts'
import { addFilterOptions, type FilterOptions, nothingFits } from './command-line/filter-options.ts'
import { adminOption, jsonOption, type ListOptions, limitOption } from './command-line/options.ts'
import { isEmpty, type ListingOptions, listing, noCalls } from './listing/listing.ts'
import type { Outcome } from './terminal/outcome.ts'
import type { Column } from './terminal/table.ts'

export function threadsCommand({ env, width, paint, now, run }: CliEnvironment): Command {
  return addFilterOptions(new Command())
    .option(...limitOption)
    .option(...jsonOption)
    .option(...adminOption)
    .action((options: ListOptions & FilterOptions) =>
      run(async () => listThreads({ ...options, config: loadConfig(env), width, paint, now })),
    )
}

/** The most recently active threads, newest first. */
export const listThreads = (options: ListingOptions): Promise<Outcome> =>
  listing(options, {
    find: (store, search) => searchToLimit(store.searchThreads, search),
    // Every call is of a thread, if only of its own.
    emptyText: async (store) => ((await isEmpty(store)) ? noCalls : nothingFits),
    columns,
  })

const columns = (now: number): Column<ThreadSummary>[] => [
  { header: 'LAST', cell: ({ lastAt }) => localTime(lastAt, now) },
  { header: 'FIRST', cell: ({ firstAt }) => localTime(firstAt, now), leftOut: 2 },
  {
    header: 'THREAD',
    minWidth: 16,
    cell: ({ thread, kind }) => (kind === 'thread' ? thread : `${thread} (${kind})`),
  },
  { header: 'CALLS', align: 'right', cell: ({ calls }) => String(calls) },
  {
    header: 'ERRORS',
    align: 'right',
    cell: ({ errors }) => String(errors),
    style: ({ errors }) => (errors > 0 ? 'red' : undefined),
  },
  { header: 'TOKENS', align: 'right', cell: ({ tokens }) => inAndOut(tokens.input, tokens.output) },
  { header: 'COST', align: 'right', cell: ({ cost }) => costText(cost) },
  { header: 'USERS', minWidth: 8, maxWidth: 40, cell: ({ users }) => users.join(', ') || '-', leftOut: 3 },
  {
    header: 'SESSIONS',
    minWidth: 8,
    maxWidth: 40,
    cell: ({ sessions }) => sessions.join(', ') || '-',
    leftOut: 1,
  },
  { header: 'MODELS', minWidth: 8, maxWidth: 40, cell: ({ models }) => models.join(', ') || '-', leftOut: 4 },
]

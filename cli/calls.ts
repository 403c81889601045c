import { Command } from 'commander'
import type { CallFilter, Search } from '../shared/admin/call-search.ts'
import type { CallStore, CallSummary } from '../shared/admin/call-store.ts'
import { loadConfig } from '../shared/config/load.ts'
import { costText, duration, linkCell, localTime, shortId, tokens } from '../shared/presentation/cells.ts'
import { searchToLimit } from './admin/search-to-limit.ts'
import type { CliEnvironment } from './command-line/environment.ts'
import { addFilterOptions, type FilterOptions, nothingFits } from './command-line/filter-options.ts'
import { adminOption, jsonOption, type ListOptions, limitOption } from './command-line/options.ts'
import { isEmpty, type ListingOptions, listing, noCalls } from './listing/listing.ts'
import type { Outcome } from './terminal/outcome.ts'
import type { Style } from './terminal/palette.ts'
import type { Column } from './terminal/table.ts'

/** Looked at for one that begins as asked. */
const maxThreads = 1_000

export function callsCommand({ env, width, paint, now, run }: CliEnvironment): Command {
  return addFilterOptions(new Command().option('--thread <id>', 'of one thread'))
    .option(...limitOption)
    .option(...jsonOption)
    .option(...adminOption)
    .action((options: ListOptions & FilterOptions) =>
      run(async () => listCalls({ ...options, config: loadConfig(env), width, paint, now })),
    )
}

/** The newest calls, newest first. */
export const listCalls = (options: ListingOptions): Promise<Outcome> =>
  listing(options, { find: callsOf, emptyText, columns })

/** A thread can be named by its beginning, as a narrow table shows it, where no other begins so. */
async function callsOf(store: CallStore, search: Search): Promise<readonly CallSummary[]> {
  const { thread } = search
  const calls = await searchToLimit(store.searchCalls, search)
  if (calls.length > 0 || thread === undefined) return calls
  const beginning = thread.replace(/…$/, '')
  const threads = await store.threads({ limit: maxThreads })
  const [only, ...others] = threads.filter(({ thread: name }) => name.startsWith(beginning))
  if (only === undefined || others.length > 0) return []
  return searchToLimit(store.searchCalls, { ...search, thread: only.thread })
}

/** Nothing at all, nothing of this thread, or nothing that fits? */
async function emptyText(store: CallStore, filter: CallFilter): Promise<string> {
  const { thread, ...others } = filter
  if (await isEmpty(store)) return noCalls
  if (thread === undefined || Object.keys(others).length > 0) return nothingFits
  return `No call of the thread "${thread}" is kept here; threadtap threads lists those that are.`
}

const isFailed = ({ ending }: CallSummary): Style | undefined => (ending === 'completed' ? undefined : 'red')

const columns = (now: number): Column<CallSummary>[] => [
  { header: 'TIME', cell: ({ startedAt }) => localTime(startedAt, now) },
  { header: 'ID', cell: ({ id }) => shortId(id) },
  { header: 'TOOK', align: 'right', cell: ({ durationMs }) => duration(durationMs), leftOut: 4 },
  { header: 'MODEL', maxWidth: 28, minWidth: 8, cell: ({ model }) => model ?? '-', leftOut: 6 },
  { header: 'TOKENS', align: 'right', cell: ({ usage }) => tokens(usage) },
  { header: 'COST', align: 'right', cell: ({ cost }) => costText(cost) },
  { header: 'ENDING', cell: ({ ending }) => ending, style: isFailed, leftOut: 3 },
  { header: 'LINK', cell: ({ link }) => linkCell(link), leftOut: 5 },
  // Wide enough for a UUID, which --thread needs in full.
  { header: 'THREAD', maxWidth: 36, minWidth: 8, cell: ({ thread }) => thread },
  { header: 'USER', maxWidth: 20, cell: ({ userId }) => userId ?? '-', leftOut: 1 },
  { header: 'INPUT', maxWidth: 60, minWidth: 12, cell: ({ input }) => input ?? '-', leftOut: 2 },
  {
    header: 'OUTPUT',
    maxWidth: 60,
    minWidth: 12,
    cell: ({ output, error }) => error ?? output ?? '-',
    style: isFailed,
  },
]

import { Command } from 'commander'
import type { CallStore, ThreadSummary } from '../shared/admin/call-store.ts'
import { loadConfig } from '../shared/config/load.ts'
import { costText, inAndOut, localTime } from '../shared/presentation/cells.ts'
import { type CallSource, withCallSource } from './admin/call-source.ts'
import { searchToLimit } from './admin/search-to-limit.ts'
import type { CliEnvironment } from './command-line/environment.ts'
import {
  addFilterOptions,
  type FilterOptions,
  filterFrom,
  nothingFits,
} from './command-line/filter-options.ts'
import { adminOption, jsonOption, type ListOptions, limitOption } from './command-line/options.ts'
import { jsonOutcome } from './terminal/json-outcome.ts'
import type { Outcome } from './terminal/outcome.ts'
import { priceNote } from './terminal/price-note.ts'
import { paintOf, type Screen } from './terminal/screen.ts'
import { type Column, table } from './terminal/table.ts'

export type ListThreadsOptions = CallSource &
  Screen & { readonly limit: number; readonly json: boolean } & FilterOptions

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
export async function listThreads(options: ListThreadsOptions): Promise<Outcome> {
  const { limit, json, width, now } = options
  const filter = filterFrom(options, now)
  return withCallSource(options, async (store) => {
    const threads = await searchToLimit(store.searchThreads, { ...filter, limit })
    if (json) return jsonOutcome(threads)
    if (threads.length === 0) return { text: await noThreadsText(store), ok: true }
    const note = priceNote(
      threads.map(({ cost }) => cost),
      options,
    )
    return { text: table(columns(now), threads, width, paintOf(options)) + note, ok: true }
  })
}

/** Every call is of a thread, if only of its own. */
async function noThreadsText(store: CallStore): Promise<string> {
  const isEmpty = (await store.calls({ limit: 1 })).length === 0
  return isEmpty ? 'No calls are recorded yet.\n' : nothingFits
}

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

import { Command } from 'commander'
import type { CallSummary } from '../shared/admin/call-store.ts'
import { loadConfig } from '../shared/config/load.ts'
import { omitUndefined } from '../shared/omit-undefined.ts'
import { type CallSource, withCallSource } from './call-source.ts'
import type { CliEnvironment } from './command-line/environment.ts'
import { adminOption, jsonOption, type ListOptions, limitOption } from './command-line/options.ts'
import { duration, localTime, tokens } from './terminal/cells.ts'
import type { Outcome } from './terminal/outcome.ts'
import { type Column, table } from './terminal/table.ts'

export type ListCallsOptions = CallSource & {
  readonly thread?: string
  readonly limit: number
  readonly json: boolean
  readonly width: number
  /** ms since 1970 */
  readonly now: number
}

export function callsCommand({ env, width, now, run }: CliEnvironment): Command {
  return new Command()
    .option('--thread <id>', 'only those of one thread')
    .option(...limitOption)
    .option(...jsonOption)
    .option(...adminOption)
    .action((options: ListOptions & { readonly thread?: string }) =>
      run(async () => listCalls({ ...options, config: loadConfig(env), width, now })),
    )
}

/** The newest calls, newest first. */
export async function listCalls(options: ListCallsOptions): Promise<Outcome> {
  const { thread, limit, json, width, now } = options
  const calls = await withCallSource(options, (store) => store.calls(omitUndefined({ thread, limit })))
  if (json) return { text: `${JSON.stringify(calls, null, 2)}\n`, ok: true }
  if (calls.length === 0) return { text: 'No calls are recorded yet.\n', ok: true }
  return { text: table(columns(now), calls, width), ok: true }
}

const columns = (now: number): Column<CallSummary>[] => [
  { header: 'TIME', cell: ({ startedAt }) => localTime(startedAt, now) },
  { header: 'TOOK', align: 'right', cell: ({ durationMs }) => duration(durationMs) },
  { header: 'MODEL', maxWidth: 28, cell: ({ model }) => model ?? '-' },
  { header: 'TOKENS', align: 'right', cell: ({ usage }) => tokens(usage) },
  { header: 'ENDING', cell: ({ ending }) => ending },
  // Wide enough for a UUID, which --thread needs in full.
  { header: 'THREAD', maxWidth: 36, cell: ({ thread }) => thread },
  { header: 'USER', maxWidth: 20, cell: ({ userId }) => userId ?? '-' },
  { header: 'INPUT', maxWidth: 60, elastic: true, cell: ({ input }) => input ?? '-' },
  { header: 'OUTPUT', maxWidth: 60, elastic: true, cell: ({ output, error }) => error ?? output ?? '-' },
]

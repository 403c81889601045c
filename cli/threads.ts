import { Command } from 'commander'
import type { ThreadSummary } from '../shared/admin/call-store.ts'
import { loadConfig } from '../shared/config/load.ts'
import { type CallSource, withCallSource } from './call-source.ts'
import type { CliEnvironment } from './command-line/environment.ts'
import { adminOption, jsonOption, type ListOptions, limitOption } from './command-line/options.ts'
import { localTime } from './terminal/cells.ts'
import type { Outcome } from './terminal/outcome.ts'
import { type Column, table } from './terminal/table.ts'

export type ListThreadsOptions = CallSource & {
  readonly limit: number
  readonly json: boolean
  readonly width: number
  /** ms since 1970 */
  readonly now: number
}

export function threadsCommand({ env, width, now, run }: CliEnvironment): Command {
  return new Command()
    .option(...limitOption)
    .option(...jsonOption)
    .option(...adminOption)
    .action((options: ListOptions) =>
      run(async () => listThreads({ ...options, config: loadConfig(env), width, now })),
    )
}

/** The most recently active threads, newest first. */
export async function listThreads(options: ListThreadsOptions): Promise<Outcome> {
  const { limit, json, width, now } = options
  const threads = await withCallSource(options, (store) => store.threads({ limit }))
  if (json) return { text: `${JSON.stringify(threads, null, 2)}\n`, ok: true }
  if (threads.length === 0) return { text: 'No calls are recorded yet.\n', ok: true }
  return { text: table(columns(now), threads, width), ok: true }
}

const columns = (now: number): Column<ThreadSummary>[] => [
  { header: 'LAST', cell: ({ lastAt }) => localTime(lastAt, now) },
  { header: 'FIRST', cell: ({ firstAt }) => localTime(firstAt, now) },
  { header: 'THREAD', cell: ({ thread, kind }) => (kind === 'thread' ? thread : `${thread} (${kind})`) },
  { header: 'CALLS', align: 'right', cell: ({ calls }) => String(calls) },
  { header: 'ERRORS', align: 'right', cell: ({ errors }) => String(errors) },
  { header: 'TOKENS', align: 'right', cell: (thread) => `${thread.tokens.input}→${thread.tokens.output}` },
  { header: 'USERS', elastic: true, maxWidth: 40, cell: ({ users }) => users.join(', ') || '-' },
  { header: 'SESSIONS', elastic: true, maxWidth: 40, cell: ({ sessions }) => sessions.join(', ') || '-' },
  { header: 'MODELS', elastic: true, maxWidth: 40, cell: ({ models }) => models.join(', ') || '-' },
]

import type { ThreadSummary } from '../shared/admin/call-store.ts'
import { type CallSource, withCallSource } from './call-source.ts'
import { localTime } from './terminal/cells.ts'
import type { Outcome } from './terminal/outcome.ts'
import { type Column, table } from './terminal/table.ts'

export type ThreadsCommand = CallSource & {
  readonly limit: number
  readonly json: boolean
  readonly width: number
  /** ms since 1970 */
  readonly now: number
}

/** `threadtap threads`: the threads that were active last, newest first. */
export async function listThreads(command: ThreadsCommand): Promise<Outcome> {
  const { limit, json, width, now } = command
  const threads = await withCallSource(command, (kept) => kept.threads({ limit }))
  if (json) return { text: `${JSON.stringify(threads, null, 2)}\n`, ok: true }
  if (threads.length === 0) return { text: 'No calls are recorded yet.\n', ok: true }
  return { text: table(columns(now), threads, width), ok: true }
}

const columns = (now: number): Column<ThreadSummary>[] => [
  { head: 'LAST', cell: ({ lastAt }) => localTime(lastAt, now) },
  { head: 'FIRST', cell: ({ firstAt }) => localTime(firstAt, now) },
  { head: 'THREAD', cell: ({ thread, kind }) => (kind === 'thread' ? thread : `${thread} (${kind})`) },
  { head: 'CALLS', align: 'right', cell: ({ calls }) => String(calls) },
  { head: 'ERRORS', align: 'right', cell: ({ errors }) => String(errors) },
  { head: 'TOKENS', align: 'right', cell: (thread) => `${thread.tokens.input}→${thread.tokens.output}` },
  { head: 'USERS', elastic: true, max: 40, cell: ({ users }) => users.join(', ') || '-' },
  { head: 'SESSIONS', elastic: true, max: 40, cell: ({ sessions }) => sessions.join(', ') || '-' },
  { head: 'MODELS', elastic: true, max: 40, cell: ({ models }) => models.join(', ') || '-' },
]

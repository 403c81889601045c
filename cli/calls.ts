import type { CallSummary } from '../shared/admin/call-store.ts'
import { type CallSource, withCallSource } from './call-source.ts'
import { duration, localTime, tokens } from './terminal/cells.ts'
import type { Outcome } from './terminal/outcome.ts'
import { type Column, table } from './terminal/table.ts'

export type CallsCommand = CallSource & {
  readonly thread?: string
  readonly limit: number
  readonly json: boolean
  readonly width: number
  /** ms since 1970 */
  readonly now: number
}

/** `threadtap calls`: the newest calls, newest first. */
export async function listCalls(command: CallsCommand): Promise<Outcome> {
  const { thread, limit, json, width, now } = command
  const query = { limit, ...(thread !== undefined && { thread }) }
  const calls = await withCallSource(command, (kept) => kept.calls(query))
  if (json) return { text: `${JSON.stringify(calls, null, 2)}\n`, ok: true }
  if (calls.length === 0) return { text: 'No calls are recorded yet.\n', ok: true }
  return { text: table(columns(now), calls, width), ok: true }
}

const columns = (now: number): Column<CallSummary>[] => [
  { head: 'TIME', cell: ({ startedAt }) => localTime(startedAt, now) },
  { head: 'TOOK', align: 'right', cell: ({ durationMs }) => duration(durationMs) },
  { head: 'MODEL', max: 28, cell: ({ model }) => model ?? '-' },
  { head: 'TOKENS', align: 'right', cell: ({ usage }) => tokens(usage) },
  { head: 'ENDING', cell: ({ ending }) => ending },
  // The name of a thread is what --thread asks for; a UUID is shown whole.
  { head: 'THREAD', max: 36, cell: ({ thread }) => thread },
  { head: 'USER', max: 20, cell: ({ userId }) => userId ?? '-' },
  { head: 'INPUT', max: 60, elastic: true, cell: ({ input }) => input ?? '-' },
  { head: 'OUTPUT', max: 60, elastic: true, cell: ({ output, error }) => error ?? output ?? '-' },
]

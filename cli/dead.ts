import type { DeadLetterSummary, DeadLetters } from '../shared/admin/dead-letters.ts'
import { localTime } from './terminal/cells.ts'
import { CommandFailed, type Outcome } from './terminal/outcome.ts'
import { type Column, table } from './terminal/table.ts'

export type DeadListCommand = {
  readonly limit: number
  readonly width: number
  /** ms since 1970 */
  readonly now: number
}

/** `threadtap dead list` */
export async function listDead(dead: DeadLetters, command: DeadListCommand): Promise<Outcome> {
  const { limit, width, now } = command
  const letters = await dead.list({ limit })
  if (letters.length === 0) return { text: 'There are no dead letters.\n', ok: true }
  return { text: table(columns(now), letters, width), ok: true }
}

/** `threadtap dead show ID`: all of it, as JSON. */
export async function showDead(dead: DeadLetters, id: string): Promise<Outcome> {
  const letter = await dead.read(id)
  if (letter === undefined) throw new CommandFailed(`There is no dead letter ${id}.`)
  return { text: `${JSON.stringify(letter, null, 2)}\n`, ok: true }
}

/** `threadtap dead replay`: some by their ids, or all. */
export async function replayDead(dead: DeadLetters, ids: readonly string[], all: boolean): Promise<Outcome> {
  const some = ids.length > 0
  if (some === all) throw new CommandFailed('Name the ids to send again, or --all of them.')
  const { delivered, failed } = await dead.replay(all ? undefined : ids)
  const rest = failed === 0 ? '' : `, ${failed} not; what was here is still kept`
  return { text: `${delivered} delivered${rest}.\n`, ok: failed === 0 }
}

const columns = (now: number): Column<DeadLetterSummary>[] => [
  { head: 'SINCE', cell: ({ at }) => localTime(Date.parse(at), now) },
  { head: 'ID', cell: ({ id }) => id },
  { head: 'SINK', cell: ({ sink }) => sink ?? '-' },
  { head: 'THREAD', max: 36, cell: ({ threadId }) => threadId ?? '-' },
  { head: 'REASON', elastic: true, cell: ({ reason }) => reason },
]

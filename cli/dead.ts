import { Command } from 'commander'
import type { DeadLetterSummary, DeadLetters } from '../shared/admin/dead-letters.ts'
import { loadConfig } from '../shared/config/load.ts'
import { adminAddress } from './admin/admin-address.ts'
import { adminClient } from './admin/admin-client.ts'
import type { CliEnvironment } from './command-line/environment.ts'
import { type AdminOptions, adminOption, type ListOptions, limitOption } from './command-line/options.ts'
import { localTime } from './terminal/cells.ts'
import { CommandFailed, type Outcome } from './terminal/outcome.ts'
import { type Column, table } from './terminal/table.ts'

export type ListDeadOptions = {
  readonly limit: number
  readonly width: number
  /** ms since 1970 */
  readonly now: number
}

export function deadCommand(cli: CliEnvironment): Command {
  return new Command()
    .addCommand(listCommand(cli))
    .addCommand(showCommand(cli))
    .addCommand(replayCommand(cli))
}

function listCommand({ env, width, now, run }: CliEnvironment): Command {
  return new Command('list')
    .description('list the newest dead letters')
    .option(...limitOption)
    .option(...adminOption)
    .action((options: ListOptions) =>
      run(async () => listDead(deadLettersAt(env, options), { ...options, width, now })),
    )
}

function showCommand({ env, run }: CliEnvironment): Command {
  return new Command('show')
    .argument('<id>')
    .description('show one dead letter as JSON')
    .option(...adminOption)
    .action((id: string, options: AdminOptions) => run(async () => showDead(deadLettersAt(env, options), id)))
}

function replayCommand({ env, run }: CliEnvironment): Command {
  return new Command('replay')
    .argument('[ids...]')
    .description('send dead letters again')
    .option('--all', 'all of them', false)
    .option(...adminOption)
    .action((ids: string[], options: AdminOptions & { readonly all: boolean }) =>
      run(async () => replayDead(deadLettersAt(env, options), ids, options.all)),
    )
}

const deadLettersAt = (env: NodeJS.ProcessEnv, { admin }: AdminOptions): DeadLetters =>
  adminClient(adminAddress(loadConfig(env), admin)).dead

/** The newest dead letters, newest first. */
export async function listDead(dead: DeadLetters, options: ListDeadOptions): Promise<Outcome> {
  const { limit, width, now } = options
  const letters = await dead.list({ limit })
  if (letters.length === 0) return { text: 'There are no dead letters.\n', ok: true }
  return { text: table(columns(now), letters, width), ok: true }
}

/** One dead letter in full, as JSON. @throws CommandFailed when there is none with this id */
export async function showDead(dead: DeadLetters, id: string): Promise<Outcome> {
  const letter = await dead.read(id)
  if (letter === undefined) throw new CommandFailed(`There is no dead letter ${id}.`)
  return { text: `${JSON.stringify(letter, null, 2)}\n`, ok: true }
}

/** Sends dead letters again: those named, or all. @throws CommandFailed for both or neither */
export async function replayDead(dead: DeadLetters, ids: readonly string[], all: boolean): Promise<Outcome> {
  const hasIds = ids.length > 0
  if (hasIds === all) throw new CommandFailed('Name the ids to send again, or --all of them.')
  const { delivered, failed } = await dead.replay(all ? undefined : ids)
  const failedText = failed === 0 ? '' : `, ${failed} not; what was here is still kept`
  return { text: `${delivered} delivered${failedText}.\n`, ok: failed === 0 }
}

const columns = (now: number): Column<DeadLetterSummary>[] => [
  { header: 'SINCE', cell: ({ at }) => localTime(Date.parse(at), now) },
  { header: 'ID', cell: ({ id }) => id },
  { header: 'SINK', cell: ({ sink }) => sink ?? '-' },
  { header: 'THREAD', maxWidth: 36, cell: ({ threadId }) => threadId ?? '-' },
  { header: 'REASON', elastic: true, cell: ({ reason }) => reason },
]

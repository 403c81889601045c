import { Command } from 'commander'
import type { DeadLetterSummary, DeadLetters } from '../shared/admin/dead-letters.ts'
import { loadConfig } from '../shared/config/load.ts'
import { localTime } from '../shared/presentation/cells.ts'
import { adminAddress } from './admin/admin-address.ts'
import { adminClient } from './admin/admin-client.ts'
import type { CliEnvironment } from './command-line/environment.ts'
import {
  type AdminOptions,
  adminOption,
  jsonOption,
  type ListOptions,
  limitOption,
} from './command-line/options.ts'
import { jsonOutcome } from './terminal/json-outcome.ts'
import { CommandFailed, type Outcome } from './terminal/outcome.ts'
import { paintOf, type Screen } from './terminal/screen.ts'
import { type Column, table } from './terminal/table.ts'

export type ListDeadOptions = Screen & { readonly limit: number; readonly json?: boolean }

/** Which dead letters: those named, or all. */
export type SelectionOptions = { readonly all: boolean; readonly json?: boolean }

export function deadCommand(cli: CliEnvironment): Command {
  return new Command()
    .addCommand(listCommand(cli))
    .addCommand(showCommand(cli))
    .addCommand(selectionCommand(cli, 'replay', 'send dead letters again', replayDead))
    .addCommand(selectionCommand(cli, 'purge', 'delete dead letters for good', purgeDead))
}

function listCommand({ env, width, paint, now, run }: CliEnvironment): Command {
  return new Command('list')
    .description('list the newest dead letters')
    .option(...limitOption)
    .option(...jsonOption)
    .option(...adminOption)
    .action((options: ListOptions) =>
      run(async () => listDead(deadLettersAt(env, options), { ...options, width, paint, now })),
    )
}

function showCommand({ env, run }: CliEnvironment): Command {
  return new Command('show')
    .argument('<id>')
    .description('show one dead letter as JSON')
    .option('--json', 'as JSON, which it is in any case', true)
    .option(...adminOption)
    .action((id: string, options: AdminOptions) => run(async () => showDead(deadLettersAt(env, options), id)))
}

type ActOnSelection = (
  dead: DeadLetters,
  ids: readonly string[],
  options: SelectionOptions,
) => Promise<Outcome>

function selectionCommand(
  { env, run }: CliEnvironment,
  name: string,
  description: string,
  act: ActOnSelection,
): Command {
  return new Command(name)
    .argument('[ids...]')
    .description(description)
    .option('--all', 'all of them', false)
    .option(...jsonOption)
    .option(...adminOption)
    .action((ids: string[], options: AdminOptions & SelectionOptions) =>
      run(async () => act(deadLettersAt(env, options), ids, options)),
    )
}

const deadLettersAt = (env: NodeJS.ProcessEnv, { admin }: AdminOptions): DeadLetters =>
  adminClient(adminAddress(loadConfig(env), admin)).dead

/** The newest dead letters, newest first. */
export async function listDead(dead: DeadLetters, options: ListDeadOptions): Promise<Outcome> {
  const { limit, json = false, width, now } = options
  const letters = await dead.list({ limit })
  if (json) return jsonOutcome(letters)
  if (letters.length === 0) return { text: 'There are no dead letters.\n', ok: true }
  return { text: table(columns(now), letters, width, paintOf(options)), ok: true }
}

/** One dead letter in full, as JSON. @throws CommandFailed when there is none with this id */
export async function showDead(dead: DeadLetters, id: string): Promise<Outcome> {
  const letter = await dead.read(id)
  if (letter === undefined) throw new CommandFailed(`There is no dead letter ${id}.`)
  return jsonOutcome(letter)
}

/** Sends dead letters again: those named, or all. @throws CommandFailed for both or neither */
export async function replayDead(
  dead: DeadLetters,
  ids: readonly string[],
  { all, json = false }: SelectionOptions,
): Promise<Outcome> {
  assertSelected(ids, all, 'send again')
  const replay = await dead.replay(all ? undefined : ids)
  const { delivered, failed } = replay
  if (json) return jsonOutcome(replay, failed === 0)
  const failedText = failed === 0 ? '' : `, ${failed} not; what was here is still kept`
  return { text: `${delivered} delivered${failedText}.\n`, ok: failed === 0 }
}

/** Deletes dead letters for good: those named, or all. @throws CommandFailed for both or neither */
export async function purgeDead(
  dead: DeadLetters,
  ids: readonly string[],
  { all, json = false }: SelectionOptions,
): Promise<Outcome> {
  assertSelected(ids, all, 'purge')
  const purged = all ? await purgeAll(dead) : await dead.purge(ids)
  const missing = all ? 0 : new Set(ids).size - purged
  if (json) return jsonOutcome({ purged, missing }, missing === 0)
  const missingText = missing === 0 ? '' : `, ${missing} not there`
  return { text: `${purged} purged${missingText}.\n`, ok: missing === 0 }
}

/** @throws CommandFailed where both or neither were named */
function assertSelected(ids: readonly string[], all: boolean, act: string): void {
  if (ids.length > 0 === all) throw new CommandFailed(`Name the ids to ${act}, or --all of them.`)
}

/** The most that a list holds. */
const purgedAtOnce = 1_000

async function purgeAll(dead: DeadLetters): Promise<number> {
  let all = 0
  for (;;) {
    const letters = await dead.list({ limit: purgedAtOnce })
    const purged = await dead.purge(letters.map(({ id }) => id))
    // None are left, or others cannot be deleted.
    if (purged === 0) return all
    all += purged
  }
}

const columns = (now: number): Column<DeadLetterSummary>[] => [
  { header: 'SINCE', cell: ({ at }) => localTime(Date.parse(at), now) },
  { header: 'ID', cell: ({ id }) => id },
  { header: 'SINK', cell: ({ sink }) => sink ?? '-', leftOut: 2 },
  { header: 'THREAD', maxWidth: 36, minWidth: 8, cell: ({ threadId }) => threadId ?? '-', leftOut: 1 },
  { header: 'REASON', minWidth: 16, cell: ({ reason }) => reason },
]

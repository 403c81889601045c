import type { Command } from 'commander'
import type { CallFilter } from '../../shared/admin/call-search.ts'
import { filterOf, WrongFilter } from '../../shared/admin/search-params.ts'
import { CommandFailed } from '../terminal/outcome.ts'

/** Parsed options of a command that lists only some: the same as in the addresses of pages and API. */
export type FilterOptions = Pick<
  CallFilter,
  'text' | 'model' | 'upstream' | 'user' | 'session' | 'agent' | 'thread'
> & {
  readonly errors?: boolean
  readonly slower?: string
  readonly from?: string
  readonly to?: string
}

/** Adds them to a command that lists calls, or what has such a call. */
export const addFilterOptions = (command: Command): Command =>
  command
    .option('--text <text>', 'with this anywhere in what was said, in names, ids or errors')
    .option('--model <name>', 'with this in the name of the model')
    .option('--upstream <name>', 'of one upstream')
    .option('--user <id>', 'of one user')
    .option('--session <id>', 'of one session')
    .option('--agent <name>', 'with this in the name of the agent')
    .option('--errors', 'only calls that did not complete')
    .option('--slower <time>', 'took longer than: 500 (ms), 2s')
    .option('--from <time>', 'began no earlier than: 15m, 1h, 7d ago, or 2026-11-27T09:00')
    .option('--to <time>', 'began earlier than')

/**
 * @param now ms since 1970
 * @throws CommandFailed where a value is not understood
 */
export function filterFrom(options: FilterOptions, now: number): CallFilter {
  const { text, model, upstream, user, session, agent, thread, errors, slower, from, to } = options
  const values = { text, model, upstream, user, session, agent, thread, slower, from, to }
  try {
    return filterOf({ ...values, errors: errors === true ? '1' : undefined }, now)
  } catch (cause) {
    if (cause instanceof WrongFilter) throw new CommandFailed(`${cause.message}.`, { cause })
    throw cause
  }
}

/** Printed where calls are recorded, but none is as asked. */
export const nothingFits = 'Nothing that is kept here fits.'

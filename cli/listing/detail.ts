import type { CallStore } from '../../shared/admin/call-store.ts'
import { type CallSource, withCallSource } from '../admin/call-source.ts'
import { jsonOutcome } from '../terminal/json-outcome.ts'
import { CommandFailed, type Outcome } from '../terminal/outcome.ts'
import type { Screen } from '../terminal/screen.ts'

/** Options of a command that shows one thing from the call store. */
export type DetailOptions = CallSource &
  Screen & {
    /** As a list shows it, or what it ends with; without one the newest is shown. */
    readonly id?: string
    readonly json: boolean
  }

type Detail<T> = {
  readonly newestId: (store: CallStore) => Promise<string | undefined>
  readonly find: (store: CallStore, id: string) => Promise<T | undefined>
  /** Said where there is none at all. */
  readonly emptyText: (store: CallStore) => string | Promise<string>
  /** Said where there is none of this id. */
  readonly unknownText: (id: string) => string
  readonly text: (found: T) => string
}

/** @throws CommandFailed where there is none */
export async function detail<T>(
  options: DetailOptions,
  { newestId, find, emptyText, unknownText, text }: Detail<T>,
): Promise<Outcome> {
  const shown = await withCallSource(options, async (store) => {
    const id = options.id ?? (await newestId(store))
    if (id === undefined) throw new CommandFailed(await emptyText(store))
    const found = await find(store, id)
    if (found === undefined) throw new CommandFailed(unknownText(id))
    return found
  })
  return options.json ? jsonOutcome(shown) : { text: text(shown), ok: true }
}

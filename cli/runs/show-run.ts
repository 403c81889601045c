import { type CallSource, withCallSource } from '../admin/call-source.ts'
import { jsonOutcome } from '../terminal/json-outcome.ts'
import { CommandFailed, type Outcome } from '../terminal/outcome.ts'
import type { Screen } from '../terminal/screen.ts'
import { noRunsText } from './list-runs.ts'
import { runText } from './run-text.ts'

export type ShowRunOptions = CallSource &
  Screen & {
    /** Of a run or of one of its calls, or what it ends with; without one the newest run is shown. */
    readonly id?: string
    readonly json: boolean
  }

/** One agent run as a tree. @throws CommandFailed where there is none */
export async function showRun(options: ShowRunOptions): Promise<Outcome> {
  const run = await withCallSource(options, async (store) => {
    const id = options.id ?? (await store.runs({ limit: 1 }))[0]?.id
    if (id === undefined) throw new CommandFailed((await noRunsText(store)).trim())
    const found = await store.run(id)
    if (found === undefined) throw new CommandFailed(unknownRun(id))
    return found
  })
  return options.json ? jsonOutcome(run) : { text: runText(run, options), ok: true }
}

const unknownRun = (id: string): string =>
  `No run "${id}" is kept here: threadtap runs lists those that are, each by the end of its id.`

import { type CallSource, withCallSource } from '../admin/call-source.ts'
import { jsonOutcome } from '../terminal/json-outcome.ts'
import { CommandFailed, type Outcome } from '../terminal/outcome.ts'
import type { Screen } from '../terminal/screen.ts'
import { callText } from './call-text.ts'

export type ShowCallOptions = CallSource &
  Screen & {
    /** Of a call, or what it ends with; without one the newest call is shown. */
    readonly id?: string
    readonly json: boolean
  }

/** One call in full. @throws CommandFailed where there is none */
export async function showCall(options: ShowCallOptions): Promise<Outcome> {
  const call = await withCallSource(options, async (store) => {
    const id = options.id ?? (await store.calls({ limit: 1 }))[0]?.id
    if (id === undefined) throw new CommandFailed('No calls are recorded yet.')
    const found = await store.call(id)
    if (found === undefined) throw new CommandFailed(unknownCall(id))
    return found
  })
  return options.json ? jsonOutcome(call) : { text: callText(call, options), ok: true }
}

const unknownCall = (id: string): string =>
  `No call "${id}" is kept here: threadtap calls lists those that are, each by the end of its id.`

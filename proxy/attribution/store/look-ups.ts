import type { PresetContext } from '../../../shared/config/preset-context.ts'
import { type ContextStore, type Registered, threadIdMaxLength } from './store.ts'

/** How a look-up ended. A closed set: it is a label. */
export type LookUpOutcome =
  | 'hit'
  | 'miss'
  /** Redis did not answer in time, or not at all. */
  | 'failed'
  /** Too many were waiting for Redis already. */
  | 'skipped'

export type LookUpEvents = {
  contextLookedUp(outcome: LookUpOutcome): void
  /** The first look-up that failed after one that did not. */
  contextStoreFailed(cause: unknown): void
}

/** The context of a call's thread: there at once, or while the upstream is answering. Never rejects. */
export type LookUp = (threadId: string) => PresetContext | undefined | Promise<PresetContext | undefined>

/** Each holds the record of a call while Redis hangs; what comes beyond goes on without its context. */
const waitingMax = 10_000

/** Look-ups in a store whose failures cost a call nothing but its registered context. */
export function createLookUps(store: ContextStore, events: LookUpEvents): LookUp {
  let underWay = 0
  let failing = false

  function found(entry: Registered | undefined): PresetContext | undefined {
    events.contextLookedUp(entry === undefined ? 'miss' : 'hit')
    failing = false
    return entry?.context
  }

  function failed(cause: unknown): undefined {
    events.contextLookedUp('failed')
    if (!failing) events.contextStoreFailed(cause)
    failing = true
  }

  return (threadId) => {
    if (threadId.length > threadIdMaxLength) return found(undefined)
    if (underWay >= waitingMax) return void events.contextLookedUp('skipped')
    const answer = store.use(threadId)
    if (!(answer instanceof Promise)) return found(answer)
    underWay += 1
    return answer.then(found, failed).finally(() => {
      underWay -= 1
    })
  }
}

import type { PresetContext } from '../../../shared/config/preset-context.ts'
import { leastRecentlyUsed } from '../../../shared/least-recently-used.ts'
import { type ContextStore, type Registered, threadIdMaxLength } from './store.ts'

/** How a look-up ended. A closed set: it is a metric label. */
export const lookUpOutcomes = [
  'hit',
  'miss',
  /** Redis did not respond in time, or is away. */
  'failed',
  /** Too many were pending. */
  'skipped',
] as const

export type LookUpOutcome = (typeof lookUpOutcomes)[number]

export type LookUpEvents = {
  contextLookedUp(outcome: LookUpOutcome): void
  /** Called for the first failure in a row. */
  contextStoreFailed(cause: unknown): void
  /** What is known of a thread, when it was not known before or has changed. */
  contextFound(threadId: string, registered: Registered): void
}

/** The registered context of a thread: at once from memory, else a promise, which never rejects. */
export type LookUp = (threadId: string) => PresetContext | undefined | Promise<PresetContext | undefined>

/** While Redis hangs each holds the record of a call; calls beyond it go on without a registered context. */
const pendingMax = 10_000

/** Beyond it a context is announced again, which does no harm. */
const maxAnnounced = 10_000

/** Looks contexts up in a store; a failure costs the call only its registered context. */
export function createLookUps(store: ContextStore, events: LookUpEvents): LookUp {
  let pending = 0
  let failing = false
  const announced = leastRecentlyUsed<Registered>(maxAnnounced)

  function announce(threadId: string, entry: Registered): void {
    if (announced.get(threadId) === entry) return
    announced.set(threadId, entry)
    events.contextFound(threadId, entry)
  }

  function found(threadId: string, entry: Registered | undefined): PresetContext | undefined {
    events.contextLookedUp(entry === undefined ? 'miss' : 'hit')
    failing = false
    if (entry !== undefined) announce(threadId, entry)
    return entry?.context
  }

  function failed(cause: unknown): undefined {
    events.contextLookedUp('failed')
    if (!failing) events.contextStoreFailed(cause)
    failing = true
  }

  return (threadId) => {
    if (threadId.length > threadIdMaxLength) return found(threadId, undefined)
    if (pending >= pendingMax) return void events.contextLookedUp('skipped')
    const entry = store.use(threadId)
    if (!(entry instanceof Promise)) return found(threadId, entry)
    pending += 1
    return entry
      .then((late) => found(threadId, late), failed)
      .finally(() => {
        pending -= 1
      })
  }
}

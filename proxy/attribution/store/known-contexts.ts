import { leastRecentlyUsed } from '../../../shared/least-recently-used.ts'
import type { Clock } from '../../../shared/timing/clock.ts'
import type { Registered } from './store.ts'

/** What a response's headers name of a registered context. */
export type KnownContext = Pick<Registered['context'], 'sessionId' | 'traceId'>

/**
 * The ids of contexts that this process has seen registered or looked up, for the headers of responses: the store itself
 * is with the recorder, and no response waits for it.
 */
export type KnownContexts = {
  get(threadId: string): KnownContext | undefined
  set(threadId: string, registered: Pick<Registered, 'context' | 'expiresAt'>): void
  delete(threadId: string): void
}

/** The least recently used is forgotten; its responses then name no session until it is looked up again. */
const maxContexts = 10_000

export function createKnownContexts(clock: Pick<Clock, 'now'>): KnownContexts {
  const contexts = leastRecentlyUsed<KnownContext & { readonly expiresAt: number }>(maxContexts)

  return {
    get(threadId) {
      const known = contexts.get(threadId)
      if (known === undefined || known.expiresAt > clock.now()) return known
      contexts.delete(threadId)
      return undefined
    },
    set(threadId, { context: { sessionId, traceId }, expiresAt }) {
      contexts.set(threadId, {
        expiresAt,
        ...(sessionId !== undefined && { sessionId }),
        ...(traceId !== undefined && { traceId }),
      })
    },
    delete: (threadId) => void contexts.delete(threadId),
  }
}

import type { PresetContext } from '../../shared/config/preset-context.ts'
import { type Attribution, attribute, type FreshIds, freshIds } from './attribution.ts'
import { presetSource } from './preset-source.ts'
import type { Sources } from './sources.ts'
import type { LookUp } from './store/look-ups.ts'

/** Whose call it is, as far as it is known. */
export type PendingAttribution = {
  /** What is known by now. */
  current(): Attribution
  /** Tells all that will ever be known, once: now, or when the look-up of the thread is over. */
  whenComplete(tell: (attribution: Attribution) => void): void
}

/** What says whose call it is beside the call itself. */
export type ContextParts = {
  readonly lookUp: LookUp
  /** CONTEXT_DEFAULTS */
  readonly defaults: PresetContext
  /** It could not be found out whose call this is; the call goes on as nobody's. */
  readonly onFailure: (cause: unknown) => void
}

/**
 * Begins to find out whose call it is. What is registered for its thread is joined as soon as it is there.
 * Never throws: no tag may cost a call.
 */
export function openAttribution(
  read: () => Sources,
  freshTraceId: string,
  parts: ContextParts,
): PendingAttribution {
  const { lookUp, defaults, onFailure } = parts
  const ids = freshIds(freshTraceId)
  const attempt = <T>(action: () => T, otherwise: T): T => {
    try {
      return action()
    } catch (cause) {
      onFailure(cause)
      return otherwise
    }
  }
  const places = attempt(read, { said: [] })
  const last = presetSource(defaults, 'CONTEXT_DEFAULTS')
  const together = (stored: PresetContext | undefined): Attribution => {
    const registered = stored === undefined ? [] : [presetSource(stored, 'context store')]
    const all = { ...places, said: [...places.said, ...registered, last] }
    return attempt(() => attribute(all, ids), anonymous(ids))
  }

  const threadId = places.said.find((place) => place.threadId !== undefined)?.threadId?.value
  const stored = threadId === undefined ? undefined : lookUp(threadId)
  if (!(stored instanceof Promise)) {
    const known = together(stored)
    return { current: () => known, whenComplete: (tell) => tell(known) }
  }
  let known = together(undefined)
  const complete = stored.then((context) => {
    if (context !== undefined) known = together(context)
    return known
  })
  return { current: () => known, whenComplete: (tell) => void complete.then(tell) }
}

const anonymous = ({ traceId, spanId }: FreshIds): Attribution => ({
  context: { tags: [], metadata: {} },
  trace: { traceId, spanId },
})

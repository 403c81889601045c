import type { SaidBefore } from '../../../shared/context.ts'
import type { LookUp } from '../context-store/look-ups.ts'
import { type Attribution, attribute, freshIds } from './attribution.ts'
import type { Places } from './places.ts'
import { saidBefore } from './said-before.ts'

/** Whose call it is, as far as it is known. */
export type PendingAttribution = {
  /** What is known by now. */
  soFar(): Attribution
  /** Tells all that will ever be known, once: now, or when the look-up of the thread is over. */
  whenKnown(tell: (attribution: Attribution) => void): void
}

/** What says whose call it is beside the call itself. */
export type ContextParts = {
  readonly lookUp: LookUp
  /** CONTEXT_DEFAULTS */
  readonly defaults: SaidBefore
}

/** Begins to find out whose call it is. What is registered for its thread is joined as soon as it is there. */
export function openAttribution(places: Places, { lookUp, defaults }: ContextParts): PendingAttribution {
  const ids = freshIds()
  const last = saidBefore(defaults, 'CONTEXT_DEFAULTS')
  const together = (stored: SaidBefore | undefined): Attribution => {
    const registered = stored === undefined ? [] : [saidBefore(stored, 'context store')]
    return attribute({ ...places, said: [...places.said, ...registered, last] }, ids)
  }

  const threadId = places.said.find((place) => place.threadId !== undefined)?.threadId?.value
  const stored = threadId === undefined ? undefined : lookUp(threadId)
  if (!(stored instanceof Promise)) {
    const known = together(stored)
    return { soFar: () => known, whenKnown: (tell) => tell(known) }
  }
  let known = together(undefined)
  const complete = stored.then((context) => {
    if (context !== undefined) known = together(context)
    return known
  })
  return { soFar: () => known, whenKnown: (tell) => void complete.then(tell) }
}

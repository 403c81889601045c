import type { PresetContext } from '../../shared/config/preset-context.ts'
import { type Attribution, attribute, type FreshIds, freshIds } from './attribution.ts'
import { presetAttributes } from './preset-attributes.ts'
import type { Sources } from './sources.ts'
import type { LookUp } from './store/look-ups.ts'

/** The attribution of a call while the look-up of its thread may be pending. */
export type PendingAttribution = {
  /** Without the registered context while its look-up is pending. */
  current(): Attribution
  /** Calls back once with the complete attribution: at once, or when the look-up has ended. */
  whenComplete(notify: (attribution: Attribution) => void): void
}

/** The sources outside the request. */
export type ContextParts = {
  readonly lookUp: LookUp
  /** CONTEXT_DEFAULTS */
  readonly defaults: PresetContext
  /** An id of a registered context only says that there is none. */
  readonly onPlaceholder?: () => void
  /** Attribution failed; the call goes on without it. */
  readonly onFailure: (cause: unknown) => void
}

/**
 * Attributes a call, and starts the look-up of what is registered for its thread.
 * Never throws: an attribution that fails must not fail the call.
 */
export function openAttribution(
  read: () => Sources,
  freshTraceId: string,
  parts: ContextParts,
): PendingAttribution {
  const { lookUp, defaults, onPlaceholder, onFailure } = parts
  const ids = freshIds(freshTraceId)
  const attempt = <T>(action: () => T, fallback: T): T => {
    try {
      return action()
    } catch (cause) {
      onFailure(cause)
      return fallback
    }
  }
  const { attributes, caller } = attempt(read, { attributes: [] })
  const fromDefaults = presetAttributes(defaults, 'CONTEXT_DEFAULTS')
  const attributeWith = (stored: PresetContext | undefined): Attribution => {
    const fromStore = stored === undefined ? [] : [presetAttributes(stored, 'context store', onPlaceholder)]
    const sources = { attributes: [...attributes, ...fromStore, fromDefaults], caller }
    return attempt(() => attribute(sources, ids), anonymous(ids))
  }

  const threadId = attributes.find((source) => source.threadId !== undefined)?.threadId?.value
  const stored = threadId === undefined ? undefined : lookUp(threadId)
  if (!(stored instanceof Promise)) {
    const complete = attributeWith(stored)
    return { current: () => complete, whenComplete: (notify) => notify(complete) }
  }
  let current = attributeWith(undefined)
  const completed = stored.then((context) => {
    if (context !== undefined) current = attributeWith(context)
    return current
  })
  return { current: () => current, whenComplete: (notify) => void completed.then(notify) }
}

const anonymous = ({ traceId, spanId }: FreshIds): Attribution => ({
  context: { tags: [], metadata: {} },
  trace: { traceId, spanId },
})

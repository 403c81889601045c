import { createHash } from 'node:crypto'
import type { JsonObject } from '../../../../shared/json.ts'
import { omitUndefined } from '../../../../shared/omit-undefined.ts'
import type { CallContext } from '../../../../shared/record/record.ts'

/** How a value was changed so that Langfuse accepts it. Closed sets: they are label values. */
export type ValueChange = (typeof valueChanges)[number]

const shortenedFields = ['session_id', 'user_id', 'agent_key', 'trace_name', 'span_name', 'tags'] as const

/** All that there are: each is a time series. */
export const valueChanges = [
  ...shortenedFields.map((field) => ({ field, change: 'shortened' }) as const),
  ...(['tags', 'environment'] as const).map((field) => ({ field, change: 'refused' }) as const),
] as const

export type AcceptedContext = { readonly context: CallContext; readonly changes: readonly ValueChange[] }

const maxLength = 200
const maxTags = 100

// Langfuse's documentation: texts over 200 characters are dropped. Ids beyond US-ASCII, which only its SDKs refuse, its
// servers take and find (measured on 2.95 and 4.16).
const isShort = (text: string): boolean => text.length <= maxLength
const isPlainId = (text: string): boolean => isShort(text) && !/\p{Cc}/u.test(text)

/** Anything else, capitals apart, Langfuse silently files under `default` (measured on 4.16). */
const isEnvironment = (text: string): boolean => /^(?!langfuse)[a-z0-9_-]{1,40}$/.test(text)

/**
 * Replaces the values that Langfuse does not accept. A text that is too long, or an id with control characters,
 * becomes its readable beginning and a hash of all of it, the same in every process. An environment that Langfuse
 * would rename is refused, so that the process's own applies. The originals are kept in the metadata.
 */
export function toAcceptedContext(context: CallContext): AcceptedContext {
  const changes: ValueChange[] = []
  const originals: Record<string, JsonObject[string]> = {}

  function acceptText(
    field: (typeof shortenedFields)[number],
    text: string | undefined,
    isAccepted: (text: string) => boolean,
  ) {
    if (text === undefined || isAccepted(text)) return text
    changes.push({ field, change: 'shortened' })
    originals[field] = text
    return shortened(text)
  }

  function acceptTags(tags: readonly string[]): readonly string[] {
    if (tags.length <= maxTags && tags.every(isShort)) return tags
    const change = tags.length > maxTags ? 'refused' : 'shortened'
    changes.push({ field: 'tags', change })
    originals.tags = tags
    return tags.slice(0, maxTags).map((tag) => (isShort(tag) ? tag : shortened(tag)))
  }

  function acceptEnvironment(environment: string | undefined): string | undefined {
    const name = environment?.toLowerCase()
    if (name === undefined || isEnvironment(name)) return name
    changes.push({ field: 'environment', change: 'refused' })
    originals.environment = environment
    return undefined
  }

  const accepted = {
    sessionId: acceptText('session_id', context.sessionId ?? context.threadId, isPlainId),
    userId: acceptText('user_id', context.userId, isPlainId),
    agentKey: acceptText('agent_key', context.agentKey, isShort),
    traceName: acceptText('trace_name', context.traceName, isShort),
    spanName: acceptText('span_name', context.spanName, isShort),
    environment: acceptEnvironment(context.environment),
    tags: acceptTags(context.tags),
  }
  // The thread id has a field of its own in the metadata, where it is not the session.
  if (context.sessionId === undefined || context.sessionId === context.threadId) delete originals.session_id
  if (changes.length === 0 && accepted.environment === context.environment) return { context, changes }
  return {
    context: withValues(context, omitUndefined(accepted), { ...context.metadata, ...originals }),
    changes,
  }
}

function withValues(context: CallContext, accepted: Partial<CallContext>, metadata: JsonObject): CallContext {
  const { environment: _, ...rest } = context
  return { ...rest, ...accepted, metadata }
}

/** @returns at most 200 characters of US-ASCII: the readable beginning, and 64 bits of SHA-256 */
function shortened(text: string): string {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  const readable = text.slice(0, maxLength).replace(/[^\x20-\x7e]/g, '')
  return `${readable.slice(0, maxLength - hash.length - 1)}~${hash}`
}

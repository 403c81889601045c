import { createHash } from 'node:crypto'
import type { JsonObject } from '../../../../shared/json.ts'
import type { CallContext } from '../../../../shared/record/record.ts'

/** What was done to a value so that Langfuse takes it. Closed sets: they are labels. */
export type ValueChange = {
  readonly field: 'session_id' | 'user_id' | 'agent_key' | 'trace_name' | 'span_name' | 'tags' | 'environment'
  readonly change: 'shortened' | 'refused'
}

/** A context as Langfuse takes it. */
export type FittedContext = { readonly context: CallContext; readonly changes: readonly ValueChange[] }

const maxLength = 200
const maxTags = 100

// Langfuse's documentation and SDKs: ids are US-ASCII, and texts over 200 characters are dropped.
const isPlainId = (text: string): boolean => text.length <= maxLength && /^[\x20-\x7e]*$/.test(text)
const isShort = (text: string): boolean => text.length <= maxLength

/** What Langfuse files under `default` instead, without a word (measured on 4.16), but for capitals. */
const isEnvironment = (text: string): boolean => /^(?!langfuse)[a-z0-9_-]{1,40}$/.test(text)

/**
 * Makes a context's values fit for Langfuse: what is too long, or an id beyond US-ASCII, is shortened to its
 * readable beginning and a hash of all of it, the same in every process; an environment that Langfuse has no
 * name for is refused, and the pod's own stands. What was changed is kept in the metadata as it was.
 */
export function fitForLangfuse(context: CallContext): FittedContext {
  const changes: ValueChange[] = []
  const originals: Record<string, JsonObject[string]> = {}

  function fitText(field: ValueChange['field'], text: string | undefined, fits: (text: string) => boolean) {
    if (text === undefined || fits(text)) return text
    changes.push({ field, change: 'shortened' })
    originals[field] = text
    return shortened(text)
  }

  function fitTags(tags: readonly string[]): readonly string[] {
    if (tags.length <= maxTags && tags.every(isShort)) return tags
    changes.push({ field: 'tags', change: tags.length > maxTags ? 'refused' : 'shortened' })
    originals.tags = tags
    return tags.slice(0, maxTags).map((tag) => (isShort(tag) ? tag : shortened(tag)))
  }

  function fitEnvironment(given: string | undefined): string | undefined {
    const name = given?.toLowerCase()
    if (name === undefined || isEnvironment(name)) return name
    changes.push({ field: 'environment', change: 'refused' })
    originals.environment = given
    return undefined
  }

  const fitted = {
    sessionId: fitText('session_id', context.sessionId ?? context.threadId, isPlainId),
    userId: fitText('user_id', context.userId, isPlainId),
    agentKey: fitText('agent_key', context.agentKey, isShort),
    traceName: fitText('trace_name', context.traceName, isShort),
    spanName: fitText('span_name', context.spanName, isShort),
    environment: fitEnvironment(context.environment),
    tags: fitTags(context.tags),
  }
  // The thread is told beside the session already, where it is not the same.
  if (context.sessionId === undefined || context.sessionId === context.threadId) delete originals.session_id
  if (changes.length === 0 && fitted.environment === context.environment) return { context, changes }
  return { context: merged(context, fitted, { ...context.metadata, ...originals }), changes }
}

function merged(context: CallContext, fitted: object, metadata: JsonObject): CallContext {
  const { environment: _, ...rest } = context
  const given = Object.entries(fitted).filter(([, value]) => value !== undefined)
  return { ...rest, ...Object.fromEntries(given), metadata }
}

/** @returns at most 200 characters of US-ASCII: the readable beginning, and 64 bits of SHA-256 */
function shortened(text: string): string {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  const readable = text.slice(0, maxLength).replace(/[^\x20-\x7e]/g, '')
  return `${readable.slice(0, maxLength - hash.length - 1)}~${hash}`
}

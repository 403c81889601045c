import type { PresetContext } from '../shared/config/preset-context.ts'
import type { NamedIds } from './attribution/named-ids.ts'
import { isPlaceholder } from './attribution/placeholder.ts'
import type { KnownContexts } from './attribution/store/known-contexts.ts'
import { toTraceId } from './attribution/trace-ids.ts'

/** What the header fields of a response are made of. */
export type CallIds = {
  /** The record's id. */
  readonly callId: string
  /** For a call whose trace nobody names. */
  readonly freshTraceId: string
  readonly named: NamedIds
}

/** What is known of calls beforehand. */
export type PresetIds = { readonly known: KnownContexts; readonly defaults: PresetContext }

/** The header fields of a response that identify its call, as far as they are known by now: name, value, ... */
export function idHeaders(
  { callId, freshTraceId, named }: CallIds,
  { known, defaults }: PresetIds,
): string[] {
  const { threadId } = named
  const registered = threadId === undefined ? undefined : known.get(threadId)
  const first = (name: 'traceId' | 'sessionId') =>
    named[name] ?? real(registered?.[name]) ?? real(defaults[name])
  const traceId = first('traceId')
  const sessionId = first('sessionId') ?? threadId
  const fields = [
    'x-call-id',
    callId,
    'x-trace-id',
    traceId === undefined ? freshTraceId : toTraceId(traceId),
  ]
  if (threadId !== undefined) fields.push('x-thread-id', fieldValue(threadId))
  if (sessionId !== undefined) fields.push('x-session-id', fieldValue(sessionId))
  return fields
}

const real = (id: string | undefined): string | undefined =>
  id === undefined || isPlaceholder(id) ? undefined : id

/** Ids from a request body may contain characters that no header field can: those are percent-encoded. */
function fieldValue(text: string): string {
  return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text) ? text : encodeURIComponent(text.toWellFormed())
}

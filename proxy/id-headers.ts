import type { Attribution } from './attribution/attribution.ts'

/** The header fields of a response that identify its call: name, value, ... */
export function idHeaders(id: string, { trace, context }: Attribution): string[] {
  const fields = ['x-call-id', id, 'x-trace-id', trace.traceId]
  if (context.threadId !== undefined) fields.push('x-thread-id', fieldValue(context.threadId))
  if (context.sessionId !== undefined) fields.push('x-session-id', fieldValue(context.sessionId))
  return fields
}

/** Ids from a request body may contain characters that no header field can: those are percent-encoded. */
function fieldValue(text: string): string {
  return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text) ? text : encodeURIComponent(text.toWellFormed())
}

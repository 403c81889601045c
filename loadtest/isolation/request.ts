import type { CallPlan, Whose } from './plan.ts'

/** A planned call as HTTP: POST these. */
export type PlannedRequest = { readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** Says whose call it is in the place that the plan names, and in no other. */
export function requestFor({ whose, says, word, stream }: CallPlan): PlannedRequest {
  const question = { model: 'gpt-4o-mini', stream, messages: [{ role: 'user', content: `I say ${word}.` }] }
  return {
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sk-test',
      ...headersFor(whose, says),
    },
    body: JSON.stringify(says === 'body' ? { ...question, metadata: bodyMetadata(whose) } : question),
  }
}

/** What `PUT /_threadtap/contexts/<thread id>` is given for a registered thread. */
export function registration(whose: Whose): Readonly<Record<string, unknown>> {
  const { sessionId, userId, agentKey, traceId, tags, mark } = whose
  return {
    ...(sessionId !== undefined && { session_id: sessionId }),
    ...(agentKey !== undefined && { agent_key: agentKey }),
    user_id: userId,
    trace_id: traceId,
    tags,
    metadata: { mark },
  }
}

function headersFor(whose: Whose, says: CallPlan['says']): Readonly<Record<string, string>> {
  if (says === 'body') return {}
  if (says === 'registered') return { 'x-thread-id': whose.threadId }
  const { threadId, sessionId, userId, agentKey, traceId, tags, mark } = whose
  return {
    'x-thread-id': threadId,
    'x-user-id': userId,
    'x-tags': tags.join(','),
    'x-metadata': JSON.stringify({ mark }),
    ...(sessionId !== undefined && { 'x-session-id': sessionId }),
    ...(agentKey !== undefined && { 'x-agent-key': agentKey }),
    ...(says === 'headers'
      ? { 'x-trace-id': traceId }
      : { traceparent: `00-${traceId}-${spanOf(traceId)}-01` }),
  }
}

/** The caller's own span, for calls that bring a `traceparent`. */
export const spanOf = (traceId: string): string => traceId.slice(0, 16)

function bodyMetadata(whose: Whose): Readonly<Record<string, unknown>> {
  const { metadata, ...fields } = registration(whose)
  return { thread_id: whose.threadId, ...fields, ...(metadata as object) }
}

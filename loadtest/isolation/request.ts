import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { Attribution, CallPlan } from './plan.ts'

/** A planned call as the headers and body of a POST. */
export type PlannedRequest = { readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** Carries the attribution in the place that the plan names, and in no other. */
export function requestFor({ attribution, source, word, stream }: CallPlan): PlannedRequest {
  const question = { model: 'gpt-4o-mini', stream, messages: [{ role: 'user', content: `I say ${word}.` }] }
  return {
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sk-test',
      ...headersFor(attribution, source),
    },
    body: JSON.stringify(source === 'body' ? { ...question, metadata: bodyMetadata(attribution) } : question),
  }
}

/** Body of `PUT /_threadtap/contexts/<thread id>` for a registered thread. */
export function registration(attribution: Attribution): Readonly<Record<string, unknown>> {
  const { sessionId, userId, agentKey, traceId, tags, mark } = attribution
  return omitUndefined({
    session_id: sessionId,
    agent_key: agentKey,
    user_id: userId,
    trace_id: traceId,
    tags,
    metadata: { mark },
  })
}

function headersFor(attribution: Attribution, source: CallPlan['source']): Readonly<Record<string, string>> {
  if (source === 'body') return {}
  if (source === 'registered') return { 'x-thread-id': attribution.threadId }
  const { threadId, sessionId, userId, agentKey, traceId, tags, mark } = attribution
  return {
    'x-thread-id': threadId,
    'x-user-id': userId,
    'x-tags': tags.join(','),
    'x-metadata': JSON.stringify({ mark }),
    ...omitUndefined({ 'x-session-id': sessionId, 'x-agent-key': agentKey }),
    ...(source === 'headers'
      ? { 'x-trace-id': traceId }
      : { traceparent: `00-${traceId}-${spanOf(traceId)}-01` }),
  }
}

/** The caller's own span, in calls with a `traceparent`. */
export const spanOf = (traceId: string): string => traceId.slice(0, 16)

function bodyMetadata(attribution: Attribution): Readonly<Record<string, unknown>> {
  const { metadata, ...fields } = registration(attribution)
  return { thread_id: attribution.threadId, ...fields, ...(metadata as object) }
}

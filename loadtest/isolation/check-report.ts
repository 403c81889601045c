import { isJsonObject, parseJson } from '../../shared/json.ts'
import { differences, sessionOf } from './check-record.ts'
import { leakedNames } from './leaked-names.ts'
import type { CallReport } from './make-call.ts'
import { type CallPlan, expectedReply } from './plan.ts'
import type { SinkRecord } from './sink-record.ts'

/** @returns the mismatches between a call and what its caller received, one sentence each */
export function reportMismatches(plan: CallPlan, report: CallReport): readonly string[] {
  const { attribution, word, scenario } = plan
  return [
    ...(scenario.kind === 'completes' ? differences({ outcome: [report.outcome, 'completed'] }) : []),
    ...(report.outcome === 'completed'
      ? differences({ response: [responseContent(plan, report), expectedReply(plan)] })
      : []),
    ...(report.status === undefined
      ? []
      : differences({ status: [report.status, 200], ...idHeaderPairs(plan, report) })),
    ...leakedNames(report.text, word, attribution).map(
      (text) => `the caller received ${text} of another call`,
    ),
  ]
}

/** `x-call-id` must be the id of the record. */
export function callIdMismatches(report: CallReport, { metadata }: SinkRecord): readonly string[] {
  return report.callId === undefined ? [] : differences({ 'call id': [metadata.call_id, report.callId] })
}

type Pairs = Readonly<Record<string, readonly [unknown, unknown]>>

/** A registered context is looked up concurrently, and may not be known yet when the response begins. */
function idHeaderPairs(
  { attribution, source }: CallPlan,
  { threadId, sessionId, traceId }: CallReport,
): Pairs {
  const thread: Pairs = { 'x-thread-id': [threadId, attribution.threadId] }
  if (source === 'registered') return thread
  return {
    ...thread,
    'x-session-id': [sessionId, sessionOf(attribution)],
    'x-trace-id': [traceId, attribution.traceId],
  }
}

function responseContent({ stream }: CallPlan, { text }: CallReport): string {
  if (!stream) return contentIn(text, 'message')
  const events = text.split('\n\n').filter((event) => event.startsWith('data: {'))
  return events.map((event) => contentIn(event.slice('data: '.length), 'delta')).join('')
}

function contentIn(json: string, field: 'message' | 'delta'): string {
  const message = parseJson(json)
  const [choice] = isJsonObject(message) && Array.isArray(message.choices) ? message.choices : []
  return String(choice?.[field]?.content ?? '')
}

import { isJsonObject, parseJson } from '../../shared/json.ts'
import { differences, sessionOf } from './check-record.ts'
import { foreignIn } from './foreign.ts'
import type { CallReport } from './make-call.ts'
import { type CallPlan, sentenceOf } from './plan.ts'
import type { SinkRecord } from './sink-record.ts'

/** @returns what is wrong with what the caller itself got, one sentence each */
export function wrongInReport(plan: CallPlan, report: CallReport): readonly string[] {
  const { whose, word, fate } = plan
  return [
    ...(fate.kind === 'completes' ? differences({ outcome: [report.outcome, 'completed'] }) : []),
    ...(report.outcome === 'completed'
      ? differences({ answer: [answerIn(plan, report), sentenceOf(plan)] })
      : []),
    ...(report.status === undefined
      ? []
      : differences({ status: [report.status, 200], ...toldIds(plan, report) })),
    ...foreignIn(report.text, word, whose).map((text) => `the caller was given ${text} of another call`),
  ]
}

/** The caller was told under which id to find its call. */
export function wrongCallId(report: CallReport, { metadata }: SinkRecord): readonly string[] {
  return report.callId === undefined ? [] : differences({ 'call id': [metadata.call_id, report.callId] })
}

type Pairs = Readonly<Record<string, readonly [unknown, unknown]>>

/** What is registered is looked up beside the answer, and need not be known when the answer begins. */
function toldIds({ whose, says }: CallPlan, { threadId, sessionId, traceId }: CallReport): Pairs {
  const thread: Pairs = { 'x-thread-id': [threadId, whose.threadId] }
  if (says === 'registered') return thread
  return {
    ...thread,
    'x-session-id': [sessionId, sessionOf(whose)],
    'x-trace-id': [traceId, whose.traceId],
  }
}

function answerIn({ stream }: CallPlan, { text }: CallReport): string {
  if (!stream) return contentIn(text, 'message')
  const events = text.split('\n\n').filter((event) => event.startsWith('data: {'))
  return events.map((event) => contentIn(event.slice('data: '.length), 'delta')).join('')
}

function contentIn(json: string, field: 'message' | 'delta'): string {
  const answer = parseJson(json)
  const [choice] = isJsonObject(answer) && Array.isArray(answer.choices) ? answer.choices : []
  return String(choice?.[field]?.content ?? '')
}

import { isJsonObject, type Json, parseJson } from '../../shared/json.ts'
import { leakedNames } from './leaked-names.ts'
import { type Attribution, type CallPlan, expectedReply } from './plan.ts'
import { spanOf } from './request.ts'
import type { SinkRecord } from './sink-record.ts'

/** @returns the mismatches between a call and its record, one sentence each */
export function recordMismatches(plan: CallPlan, record: SinkRecord): readonly string[] {
  const { metadata } = record
  return [
    ...attributionMismatches(plan, record),
    ...differences({
      type: [record.type, 'GENERATION'],
      thread: [metadata.thread_id ?? record.sessionId, plan.attribution.threadId],
      mark: [metadata.mark, plan.attribution.mark],
    }),
    ...(endingsOf(plan).includes(String(metadata.ending)) ? [] : [`its ending is ${metadata.ending}`]),
    ...outputMismatches(plan, record),
  ]
}

/** The same for the agent span around the call, including the parents of both. */
export function agentMismatches(plan: CallPlan, record: SinkRecord, agent: SinkRecord): readonly string[] {
  return [
    ...attributionMismatches(plan, agent),
    ...differences({ 'parent of the generation': [record.parentId, agent.id] }),
    ...differences({ 'parent of the agent': [agent.parentId, callerSpan(plan)] }),
  ]
}

/** @returns the caller's own span when it sends a traceparent */
export function callerSpan({ source, attribution }: CallPlan): string | null {
  return source === 'traceparent' ? spanOf(attribution.traceId) : null
}

function attributionMismatches({ attribution, word }: CallPlan, record: SinkRecord): readonly string[] {
  return [
    ...differences({
      trace: [record.traceId, attribution.traceId],
      session: [record.sessionId, sessionOf(attribution)],
      user: [record.userId, attribution.userId],
      tags: [record.tags.join(), attribution.tags.join()],
    }),
    ...leakedNames(JSON.stringify(record), word, attribution).map(
      (text) => `it holds ${text} of another call`,
    ),
  ]
}

export const sessionOf = ({ sessionId, threadId }: Attribution): string => sessionId ?? threadId

const endings: Readonly<Record<CallPlan['scenario']['kind'], readonly string[]>> = {
  completes: ['completed'],
  upstream_aborts: ['upstream_closed'],
  // The last byte may have been sent before the client's abort was noticed.
  client_aborts_before_response: ['client_closed', 'completed'],
  client_aborts_during_response: ['client_closed', 'completed'],
}

const endingsOf = ({ scenario }: CallPlan): readonly string[] => endings[scenario.kind]

/** A completed response is the expected reply; a truncated one is a prefix of it. */
function outputMismatches(plan: CallPlan, { output, metadata }: SinkRecord): readonly string[] {
  const content = contentOf(output)
  const reply = expectedReply(plan)
  if (metadata.ending === 'completed') return differences({ response: [content, reply] })
  const isPrefix = content === undefined || reply.startsWith(content)
  return isPrefix ? [] : [`its response is not a prefix of "${reply}"`]
}

/** The text of the message; undefined when the response was truncated before there was one. */
function contentOf(output: Json): string | undefined {
  const message = typeof output === 'string' ? parseJson(output) : output
  return isJsonObject(message) && typeof message.content === 'string' ? message.content : undefined
}

/** @param pairs actual and expected value by name */
export function differences(pairs: Readonly<Record<string, readonly [unknown, unknown]>>): readonly string[] {
  return Object.entries(pairs)
    .filter(([, [actual, expected]]) => actual !== expected)
    .map(([name, [actual, expected]]) => `${name} is ${actual}, not ${expected}`)
}

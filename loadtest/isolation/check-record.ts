import { isJsonObject, type Json, parseJson } from '../../shared/json.ts'
import { foreignIn } from './foreign.ts'
import { type CallPlan, sentenceOf, type Whose } from './plan.ts'
import { spanOf } from './request.ts'
import type { SinkRecord } from './sink-record.ts'

/** @returns what is wrong with the record of this call, one sentence each; nothing where all is right */
export function wrongInRecord(plan: CallPlan, record: SinkRecord): readonly string[] {
  const { metadata } = record
  return [
    ...wrongOwner(plan, record),
    ...differences({
      type: [record.type, 'GENERATION'],
      thread: [metadata.thread_id ?? record.sessionId, plan.whose.threadId],
      mark: [metadata.mark, plan.whose.mark],
    }),
    ...(endingsOf(plan).includes(String(metadata.ending)) ? [] : [`its ending is ${metadata.ending}`]),
    ...wrongOutput(plan, record),
  ]
}

/** The same for the span of the agent around the call, and how the two belong together. */
export function wrongInAgent(plan: CallPlan, record: SinkRecord, agent: SinkRecord): readonly string[] {
  return [
    ...wrongOwner(plan, agent),
    ...differences({ 'parent of the generation': [record.parentId, agent.id] }),
    ...differences({ 'parent of the agent': [agent.parentId, callerSpan(plan)] }),
  ]
}

/** @returns the caller's own span, where it told one */
export function callerSpan({ says, whose }: CallPlan): string | null {
  return says === 'traceparent' ? spanOf(whose.traceId) : null
}

function wrongOwner({ whose, word }: CallPlan, record: SinkRecord): readonly string[] {
  return [
    ...differences({
      trace: [record.traceId, whose.traceId],
      session: [record.sessionId, sessionOf(whose)],
      user: [record.userId, whose.userId],
      tags: [record.tags.join(), whose.tags.join()],
    }),
    ...foreignIn(JSON.stringify(record), word, whose).map((text) => `it holds ${text} of another call`),
  ]
}

export const sessionOf = ({ sessionId, threadId }: Whose): string => sessionId ?? threadId

const endings: Readonly<Record<CallPlan['fate']['kind'], readonly string[]>> = {
  completes: ['completed'],
  cut: ['upstream_closed'],
  // The last byte may have gone out before the client's going away was heard of.
  leaves_before_answer: ['client_closed', 'completed'],
  leaves_within_answer: ['client_closed', 'completed'],
}

const endingsOf = ({ fate }: CallPlan): readonly string[] => endings[fate.kind]

/** A whole answer is the whole sentence; an answer that was broken off is how the sentence begins. */
function wrongOutput(plan: CallPlan, { output, metadata }: SinkRecord): readonly string[] {
  const said = contentOf(output)
  const sentence = sentenceOf(plan)
  if (metadata.ending === 'completed') return differences({ answer: [said, sentence] })
  const isBeginning = said === undefined || sentence.startsWith(said)
  return isBeginning ? [] : [`its answer is not how "${sentence}" begins`]
}

/** The message's text; undefined for what was broken off before it was a message. */
function contentOf(output: Json): string | undefined {
  const message = typeof output === 'string' ? parseJson(output) : output
  return isJsonObject(message) && typeof message.content === 'string' ? message.content : undefined
}

/** @param pairs by name: what is there, what should be */
export function differences(pairs: Readonly<Record<string, readonly [unknown, unknown]>>): readonly string[] {
  return Object.entries(pairs)
    .filter(([, [found, expected]]) => found !== expected)
    .map(([name, [found, expected]]) => `${name} is ${found}, not ${expected}`)
}

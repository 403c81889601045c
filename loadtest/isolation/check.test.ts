import { expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import { findMismatches, type Outcome } from './check.ts'
import { callerSpan, sessionOf } from './check-record.ts'
import type { CallReport } from './make-call.ts'
import { type CallPlan, expectedReply, planCalls } from './plan.ts'
import type { SinkRecord } from './sink-record.ts'

/** A few hundred completed calls without any mismatch. */
function matchingOutcome(): Outcome & { readonly records: SinkRecord[]; readonly reports: CallReport[] } {
  const plans = planCalls(300, createRandom(3), true).map((plan) => ({
    ...plan,
    stream: false,
    scenario: { kind: 'completes' as const },
  }))
  return {
    plans,
    received: plans.map(({ word }) => word),
    reports: plans.map(reportOf),
    records: plans.flatMap(recordsOf),
  }
}

function reportOf(plan: CallPlan): CallReport {
  const { threadId, traceId } = plan.attribution
  const text = JSON.stringify({ choices: [{ message: { content: expectedReply(plan) } }] })
  const ids = { callId: `call of ${plan.word}`, threadId, traceId, sessionId: sessionOf(plan.attribution) }
  return { word: plan.word, outcome: 'completed', status: 200, ...ids, text }
}

function recordsOf(plan: CallPlan): SinkRecord[] {
  const { traceId, userId, tags, agentKey, mark, threadId } = plan.attribution
  const owner = { traceId, userId, sessionId: sessionOf(plan.attribution), tags }
  const generation: SinkRecord = {
    ...owner,
    id: `generation of ${plan.word}`,
    parentId: agentKey === undefined ? callerSpan(plan) : agentKey,
    name: 'chat',
    type: 'GENERATION',
    input: [{ role: 'user', content: plan.word }],
    output: { role: 'assistant', content: expectedReply(plan) },
    metadata: { mark, thread_id: threadId, ending: 'completed', call_id: `call of ${plan.word}` },
  }
  if (agentKey === undefined) return [generation]
  const around = { type: 'SPAN', name: `agent_${agentKey}`, id: agentKey, parentId: callerSpan(plan) }
  return [generation, { ...generation, ...around, input: null, output: null, metadata: {} }]
}

const problemsOf = (outcome: Outcome): readonly string[] =>
  findMismatches(outcome).map(({ problem }) => problem)

test('no mismatch is found when every record belongs to its caller', () => {
  expect(findMismatches(matchingOutcome())).toEqual([])
})

test.each<[string, Partial<SinkRecord>]>([
  ['session', { sessionId: 'session-00000000' }],
  ['user', { userId: 'user-00000000' }],
  ['trace', { traceId: '0'.repeat(32) }],
  ['tags', { tags: [] }],
  ['type', { type: 'EMBEDDING' }],
  ['mark', { metadata: {} }],
  ['response', { output: { content: 'You said' } }],
  ['parent', { parentId: 'someone' }],
])('a record with another %s is found', (field, change) => {
  const outcome = matchingOutcome()
  const [first] = outcome.records
  outcome.records[0] = { ...(first as SinkRecord), ...change }
  expect(problemsOf(outcome).join('\n')).toMatch(new RegExp(`^${field} `, 'm'))
})

test('a name of another call is found anywhere in a record', () => {
  const outcome = matchingOutcome()
  const [first] = outcome.records
  outcome.records[0] = { ...(first as SinkRecord), name: 'chat, said by user-0badcafe' }
  expect(problemsOf(outcome)).toEqual(['it holds user-0badcafe of another call'])
})

test('a missing, duplicate or unknown record is found', () => {
  const outcome = matchingOutcome()
  const at = outcome.records.findIndex(({ parentId }) => parentId === null)
  const [lost] = outcome.records.splice(at, 1) as [SinkRecord]
  expect(problemsOf(outcome)).toEqual(['number of records is 0, not 1'])
  outcome.records.push(lost, { ...lost, id: 'again' }, { ...lost, input: 'word-00000000' })
  expect(problemsOf(outcome)).toEqual(['number of records is 2, not 1', 'it belongs to no call'])
})

test('a caller that received the response or the ids of another call is found', () => {
  const outcome = matchingOutcome()
  const [first, second] = outcome.reports as [CallReport, CallReport]
  outcome.reports[0] = { ...first, text: second.text, callId: 'another', traceId: 'another' }
  const found = problemsOf(outcome).join('\n')
  for (const problem of [
    'response is',
    'x-trace-id is',
    'call id is',
    `received ${second.word} of another call`,
  ]) {
    expect(found).toContain(problem)
  }
})

test('a mismatch has its complete evidence', () => {
  const outcome = matchingOutcome()
  const [first] = outcome.records
  outcome.records[0] = { ...(first as SinkRecord), userId: null }
  const [mismatch] = findMismatches(outcome)
  expect(mismatch?.evidence).toMatchObject({
    plan: outcome.plans[0],
    report: [outcome.reports[0]],
    records: [outcome.records[0]],
  })
})

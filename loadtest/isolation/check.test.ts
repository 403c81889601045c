import { expect, test } from 'vitest'
import { findMismatches, type Outcome } from './check.ts'
import { callerSpan, sessionOf } from './check-record.ts'
import type { CallReport } from './make-call.ts'
import { type CallPlan, planCalls, sentenceOf } from './plan.ts'
import { seededRandom } from './random.ts'
import type { SinkRecord } from './sink-record.ts'

/** A few hundred calls that all went well, as the sink and the callers would have them. */
function allWell(): Outcome & { readonly records: SinkRecord[]; readonly reports: CallReport[] } {
  const plans = planCalls(300, seededRandom(3), true).map((plan) => ({
    ...plan,
    stream: false,
    fate: { kind: 'completes' as const },
  }))
  return {
    plans,
    asked: plans.map(({ word }) => word),
    reports: plans.map(reportOf),
    records: plans.flatMap(recordsOf),
  }
}

function reportOf(plan: CallPlan): CallReport {
  const { threadId, traceId } = plan.whose
  const text = JSON.stringify({ choices: [{ message: { content: sentenceOf(plan) } }] })
  const ids = { callId: `call of ${plan.word}`, threadId, traceId, sessionId: sessionOf(plan.whose) }
  return { word: plan.word, outcome: 'completed', status: 200, ...ids, text }
}

function recordsOf(plan: CallPlan): SinkRecord[] {
  const { traceId, userId, tags, agentKey, mark, threadId } = plan.whose
  const owner = { traceId, userId, sessionId: sessionOf(plan.whose), tags }
  const generation: SinkRecord = {
    ...owner,
    id: `generation of ${plan.word}`,
    parentId: agentKey === undefined ? callerSpan(plan) : agentKey,
    name: 'chat',
    type: 'GENERATION',
    input: [{ role: 'user', content: plan.word }],
    output: { role: 'assistant', content: sentenceOf(plan) },
    metadata: { mark, thread_id: threadId, ending: 'completed', call_id: `call of ${plan.word}` },
  }
  if (agentKey === undefined) return [generation]
  const around = { type: 'SPAN', name: `agent_${agentKey}`, id: agentKey, parentId: callerSpan(plan) }
  return [generation, { ...generation, ...around, input: null, output: null, metadata: {} }]
}

const whatOf = (outcome: Outcome): readonly string[] => findMismatches(outcome).map(({ what }) => what)

test('nothing is found where every record is its caller’s', () => {
  expect(findMismatches(allWell())).toEqual([])
})

test.each<[string, Partial<SinkRecord>]>([
  ['session', { sessionId: 'session-00000000' }],
  ['user', { userId: 'user-00000000' }],
  ['trace', { traceId: '0'.repeat(32) }],
  ['tags', { tags: [] }],
  ['type', { type: 'EMBEDDING' }],
  ['mark', { metadata: {} }],
  ['answer', { output: { content: 'You said' } }],
  ['parent', { parentId: 'someone' }],
])('a record with another %s is found', (what, change) => {
  const outcome = allWell()
  const [first] = outcome.records
  outcome.records[0] = { ...(first as SinkRecord), ...change }
  expect(whatOf(outcome).join('\n')).toMatch(new RegExp(`^${what} `, 'm'))
})

test('a name of another call is found wherever it stands', () => {
  const outcome = allWell()
  const [first] = outcome.records
  outcome.records[0] = { ...(first as SinkRecord), name: 'chat, said by user-0badcafe' }
  expect(whatOf(outcome)).toEqual(['it holds user-0badcafe of another call'])
})

test('a record that is missing, there twice or nobody’s is found', () => {
  const outcome = allWell()
  const at = outcome.records.findIndex(({ parentId }) => parentId === null)
  const [lost] = outcome.records.splice(at, 1) as [SinkRecord]
  expect(whatOf(outcome)).toEqual(['number of records is 0, not 1'])
  outcome.records.push(lost, { ...lost, id: 'again' }, { ...lost, input: 'word-00000000' })
  expect(whatOf(outcome)).toEqual(['number of records is 2, not 1', 'it belongs to no call'])
})

test('a caller that got the answer or the ids of another is found', () => {
  const outcome = allWell()
  const [first, second] = outcome.reports as [CallReport, CallReport]
  outcome.reports[0] = { ...first, text: second.text, callId: 'another', traceId: 'another' }
  const found = whatOf(outcome).join('\n')
  for (const what of ['answer is', 'x-trace-id is', 'call id is', `given ${second.word} of another call`]) {
    expect(found).toContain(what)
  }
})

test('what a mismatch was found in is shown in full', () => {
  const outcome = allWell()
  const [first] = outcome.records
  outcome.records[0] = { ...(first as SinkRecord), userId: null }
  const [mismatch] = findMismatches(outcome)
  expect(mismatch?.evidence).toMatchObject({
    plan: outcome.plans[0],
    report: [outcome.reports[0]],
    records: [outcome.records[0]],
  })
})

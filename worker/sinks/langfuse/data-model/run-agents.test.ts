import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { aRecord } from '../../../testing/records.ts'
import { createRunAgents } from './run-agents.ts'

const root = { name: 'agent_planner', spanId: '1'.repeat(16), startedAt: 1_000 }
const writer = { name: 'agent_writer', spanId: '2'.repeat(16), startedAt: 3_000, parentSpanId: root.spanId }
const helper = {
  name: 'agent_helper',
  spanId: '3'.repeat(16),
  startedAt: 2_000,
  parentSpanId: '9'.repeat(16),
}
const run = { conversationId: 'c'.repeat(32), turn: 1, step: 1 }

function call(
  startedAt: number,
  agent: typeof root,
  changes: Partial<InferenceRecord> = {},
): InferenceRecord {
  const isRoot = agent.spanId === root.spanId
  return aRecord({
    run: { ...run, agent, ...(!isRoot && { root: { spanId: root.spanId, startedAt: root.startedAt } }) },
    times: { startedAt, durationMs: 500 },
    input: [{ role: 'user', content: `asked at ${startedAt}` }],
    ...changes,
  })
}

function seen(...records: readonly InferenceRecord[]) {
  const agents = createRunAgents()
  for (const record of records) agents.observe(record)
  return (record: InferenceRecord) => agents.carriedBy(record)
}

test('the span of an agent travels with its newest call, and begins with what it was asked first', () => {
  const calls = [call(1_000, root), call(5_000, root, { ending: 'upstream_error' })] as const
  const carriedBy = seen(...calls)
  expect(carriedBy(calls[0])).toEqual([])
  expect(carriedBy(calls[1])).toMatchObject([
    {
      ...{ id: root.spanId, name: root.name, parentSpanId: undefined, startedAt: 1_000, endedAt: 5_500 },
      ...{ level: 'ERROR', input: { messages: [{ role: 'user', content: 'asked at 1000' }] } },
    },
  ])
})

test('an agent that was handed over to answers for the first one too, one that runs as a tool does not', () => {
  const calls = [call(1_000, root), call(2_000, helper), call(3_000, writer)] as const
  const carriedBy = seen(...calls)
  expect(carriedBy(calls[1]).map(({ name }) => name)).toEqual(['agent_helper'])
  expect(carriedBy(calls[2]).map(({ name }) => name)).toEqual(['agent_planner', 'agent_writer'])
})

test('a call that comes late does not take the place of a newer one', () => {
  const [early, late] = [call(1_000, root), call(5_000, root)]
  const carriedBy = seen(late, early)
  expect(carriedBy(early)).toEqual([])
  expect(carriedBy(late)).toHaveLength(1)
})

test('an agent whose own calls went elsewhere is not sent without its name', () => {
  const [only] = [call(3_000, writer)]
  expect(seen(only)(only).map(({ name }) => name)).toEqual(['agent_writer'])
})

test('an agent that nobody asked anything shows the newest message of its first call', () => {
  const messages = [
    { role: 'assistant', content: null, tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }] },
    { role: 'tool', tool_call_id: 'a', content: 'sunny' },
  ]
  const only = call(1_000, root, { input: messages })
  expect(seen(only)(only)[0]?.input).toEqual({
    messages: [{ role: 'tool', tool_call_id: 'a', content: 'sunny' }],
  })
})

test('a long question is shortened', () => {
  const long = call(1_000, root, { input: [{ role: 'user', content: 'x'.repeat(100_000) }] })
  expect(JSON.stringify(seen(long)(long)[0]?.input).length).toBeLessThan(8_200)
})

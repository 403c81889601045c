import { expect, test } from 'vitest'
import type { RunSpan } from '../../shared/admin/runs.ts'
import { namedAgentSpanId } from '../../shared/record/named-agent-span.ts'
import { aRecord } from '../testing/records.ts'
import { runTree } from './run-tree.ts'

type Names = readonly (string | Names)[]
const namesOf = ({ name, spans }: RunSpan): Names => [name, ...spans.map(namesOf)]

const traceId = 'a'.repeat(32)
const tool = { spanId: '1'.repeat(16), askedBy: 'asking', callId: 'call_1', startedAt: 1, endedAt: 2 }

test('a tool whose name only the answer has that asked for it gets it from there', () => {
  const call = { type: 'function_call', call_id: 'call_1', name: 'now', arguments: '{"zone":"UTC"}' }
  const asking = aRecord({ id: 'asking', operation: 'responses', output: { kind: 'items', items: [call] } })
  const bringing = aRecord({ id: 'bringing', toolSpans: [{ ...tool, result: 'noon' }] })
  const span = runTree([asking, bringing]).find(({ kind }) => kind === 'tool')
  expect(span).toMatchObject({ name: 'now', input: '{"zone":"UTC"}', output: 'noon' })
})

test('an agent that the caller names in a trace of his is one span around its calls and tools', () => {
  const named = (id: string, agentSpanId: string) =>
    aRecord({
      ...{ id, operation: 'chat' },
      trace: { traceId, spanId: agentSpanId.replaceAll('b', 'd'), agentSpanId },
      context: { agentKey: 'tutor', tags: [], metadata: {} },
    })
  const [first, second] = [named('asking', 'b'.repeat(16)), named('bringing', 'bc'.repeat(8))]
  const parentSpanId = namedAgentSpanId(first) as string
  const tree = runTree([first, { ...second, toolSpans: [{ ...tool, name: 'look', parentSpanId }] }])
  expect(tree.map(namesOf)).toEqual([['agent_tutor', ['look'], ['chat gpt-4o-mini'], ['chat gpt-4o-mini']]])
})

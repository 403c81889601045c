import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import type { InferenceRecord } from '../../../shared/record/record.ts'
import { aRecord } from '../../testing/records.ts'
import { toGenAiSpans } from './mapping.ts'
import type { Span } from './otlp-json.ts'

const [rootId, agentId, toolId] = ['1', '2', '3'].map((digit) => digit.repeat(16)) as [string, string, string]
const run = { conversationId: 'c'.repeat(32), turn: 1, step: 2 }
const planner = { name: 'agent_planner', spanId: rootId, startedAt: 1_000 }
const toolSpan = {
  ...{ spanId: toolId, parentSpanId: rootId, askedBy: 'a', callId: 'call_1', name: 'now' },
  ...{ arguments: { zone: 'UTC' }, result: 'noon', startedAt: 2_000, endedAt: 3_000 },
}
const asking: InferenceRecord['output'] = {
  kind: 'choices',
  choices: [{ index: 0, toolCalls: [{ id: 'call_2', name: 'now', arguments: '{}' }] }],
}
const valuesOf = (span: Span | undefined) =>
  Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]))

test('a tool is a span under the agent that asked for it', () => {
  const record = aRecord({ run: { ...run, agent: planner }, toolSpans: [toolSpan], output: asking })
  const [tool, call, ...others] = toGenAiSpans(record)
  expect(others).toEqual([])
  expect(tool).toMatchObject({
    ...{ spanId: toolId, parentSpanId: rootId, name: 'execute_tool now', kind: 1, status: {} },
    ...{ startTimeUnixNano: '2000000000', endTimeUnixNano: '3000000000' },
  })
  expect(valuesOf(tool)).toMatchObject({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'now',
    'gen_ai.tool.call.id': 'call_1',
    'gen_ai.tool.call.arguments': '{"zone":"UTC"}',
    'gen_ai.tool.call.result': 'noon',
    'threadtap.tool.inferred': true,
  })
  expect(call?.parentSpanId).toBe(rootId)
})

test('under an agent that the caller names a tool is in the span that there is of it', () => {
  const agentSpanId = 'd'.repeat(16)
  const record = aRecord({
    trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), agentSpanId },
    context: { agentKey: 'tutor', tags: [], metadata: {} },
    toolSpans: [
      { spanId: '1'.repeat(16), parentSpanId: 'e'.repeat(16), askedBy: 'a', startedAt: 1, endedAt: 2 },
    ],
  })
  const spans = toGenAiSpans(record)
  const tool = spans.find(({ name }) => name.startsWith('execute_tool'))
  expect(tool?.parentSpanId).toBe(agentSpanId)
  expect(spans.some(({ spanId }) => spanId === agentSpanId)).toBe(true)
})

test('an agent is a span once it has answered, and so is the one that handed over to it', () => {
  const writer = { name: 'agent_writer', spanId: agentId, startedAt: 5_000, parentSpanId: rootId }
  const root = { spanId: rootId, startedAt: 1_000 }
  const names = (record: InferenceRecord) => toGenAiSpans(record).map(({ name, spanId }) => [name, spanId])
  const answered = aRecord({ run: { ...run, agent: writer, root } })
  expect(names(answered).slice(0, 2)).toEqual([
    ['invoke_agent', rootId],
    ['invoke_agent writer', agentId],
  ])
  expect(names(aRecord({ run: { ...run, agent: planner } }))[0]).toEqual(['invoke_agent planner', rootId])
  const asTool = { ...writer, parentSpanId: toolId }
  expect(names(aRecord({ run: { ...run, agent: asTool, root } }))[0]).toEqual([
    'invoke_agent writer',
    agentId,
  ])
})

test('an agent has not answered while it waits for the client, and has where the provider ran the tool', () => {
  const namesFor = (...items: readonly JsonObject[]) => {
    const output = { kind: 'items', items } as const
    return toGenAiSpans(aRecord({ run: { ...run, agent: planner }, output })).map(({ name }) => name)
  }
  const shell = { type: 'shell_call', call_id: 'call_1' }
  for (const type of ['function_call', 'custom_tool_call', 'mcp_approval_request']) {
    expect(namesFor({ type })).toHaveLength(1)
  }
  expect(namesFor(shell)).toHaveLength(1)
  expect(namesFor(shell, { type: 'shell_call_output', call_id: 'call_1' })).toContain('invoke_agent planner')
})

test('how a call was linked, and a tool that failed', () => {
  const link = { kind: 'tool_id', relation: 'step', parentCallId: 'a' } as const
  const failed = { ...toolSpan, isError: true } as const
  const [tool, call] = toGenAiSpans(
    aRecord({ link, run: { ...run, agent: planner }, toolSpans: [failed], output: asking }),
  )
  expect(tool?.status).toEqual({ code: 2 })
  expect(valuesOf(tool)['error.type']).toBe('tool_error')
  expect(valuesOf(call)).toMatchObject({
    'gen_ai.agent.name': 'planner',
    'threadtap.link': 'tool_id',
    'threadtap.link.relation': 'step',
    'threadtap.link.parent_call': 'a',
  })
})

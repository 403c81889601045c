import { expect, test } from 'vitest'
import { aFailedRecord, aRecord, aTranscription } from '../../testing/records.ts'
import { toGenAiSpans } from './mapping.ts'
import type { Span } from './otlp-json.ts'

function valuesOf(span: Span | undefined): Record<string, unknown> {
  return Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]))
}

test('a chat call has the attributes of the GenAI conventions', () => {
  const [span] = toGenAiSpans(aRecord())
  expect(span).toMatchObject({ name: 'chat gpt-4o-mini', kind: 3, status: {} })
  const { 'gen_ai.input.messages': input, 'gen_ai.output.messages': output, ...values } = valuesOf(span)
  expect(values).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o-mini',
    'gen_ai.response.model': 'gpt-4o-mini',
    'gen_ai.response.id': 'chatcmpl-1',
    'gen_ai.request.temperature': 0.5,
    'gen_ai.request.max_tokens': '100',
    'gen_ai.usage.input_tokens': '24',
    'gen_ai.usage.output_tokens': '57',
    'gen_ai.usage.cache_read.input_tokens': '4',
    'gen_ai.usage.reasoning.output_tokens': '7',
    'gen_ai.conversation.id': 'thread-1',
    'session.id': 'session-1',
    'user.id': 'user-1',
    'http.response.status_code': '200',
  })
  expect(JSON.parse(String(input))).toEqual([{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }])
  expect(JSON.parse(String(output))).toEqual([
    { role: 'assistant', parts: [{ type: 'text', content: 'hello' }], finish_reason: 'stop' },
  ])
})

test('tool calls and their results are parts of their messages', () => {
  const call = { id: 'call-1', type: 'function', function: { name: 'add', arguments: '{}' } }
  const record = aRecord({
    input: {
      messages: [
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call-1', content: '3' },
      ],
      tools: [],
    },
    output: {
      kind: 'choices',
      choices: [{ index: 0, reasoning: 'hm', toolCalls: [{ name: 'add', arguments: '{}' }] }],
    },
  })
  const values = valuesOf(toGenAiSpans(record)[0])
  expect(JSON.parse(String(values['gen_ai.input.messages']))).toEqual([
    { role: 'assistant', parts: [{ type: 'tool_call', id: 'call-1', name: 'add', arguments: '{}' }] },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call-1', response: '3' }] },
  ])
  expect(
    JSON.parse(String(values['gen_ai.output.messages']))[0].parts.map(({ type }: { type: string }) => type),
  ).toEqual(['reasoning', 'tool_call'])
})

test("a call of Anthropic's Messages API is a chat, with its blocks as parts", () => {
  const use = { id: 'toolu_1', name: 'tide', input: { at: 'Dover' } }
  const record = aRecord({
    operation: 'messages',
    input: {
      messages: [
        { role: 'assistant', content: [{ type: 'tool_use', ...use }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'High' }] },
      ],
      system: [{ type: 'text', text: 'Be kind', cache_control: { type: 'ephemeral' } }],
    },
    output: {
      kind: 'message',
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
        { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: {} },
        { type: 'web_search_tool_result', tool_use_id: 'srv_1', content: [] },
        { type: 'text', text: 'High at noon' },
      ],
      finishReason: 'end_turn',
    },
  })
  const values = valuesOf(toGenAiSpans(record)[0])
  expect(values).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.response.finish_reasons': { values: [{ stringValue: 'end_turn' }] },
  })
  expect(JSON.parse(String(values['gen_ai.system_instructions']))).toEqual([
    { type: 'text', content: 'Be kind' },
  ])
  expect(JSON.parse(String(values['gen_ai.input.messages']))).toEqual([
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'toolu_1', name: 'tide', arguments: { at: 'Dover' } }],
    },
    { role: 'user', parts: [{ type: 'tool_call_response', id: 'toolu_1', response: 'High' }] },
  ])
  expect(JSON.parse(String(values['gen_ai.output.messages']))).toEqual([
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', content: 'hm' },
        { type: 'tool_call', id: 'srv_1', name: 'web_search', arguments: {} },
        { type: 'tool_call_response', id: 'srv_1', response: [] },
        { type: 'text', content: 'High at noon' },
      ],
      finish_reason: 'end_turn',
    },
  ])
})

test('items other than messages stay as they are, and a prompt is a user message', () => {
  const item = { type: 'function_call', name: 'add', arguments: '{}' }
  const record = aRecord({ input: 'hi', output: { kind: 'items', items: [item] } })
  const values = valuesOf(toGenAiSpans(record)[0])
  expect(JSON.parse(String(values['gen_ai.input.messages']))).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'hi' }] },
  ])
  expect(JSON.parse(String(values['gen_ai.output.messages']))).toEqual([{ role: 'assistant', parts: [item] }])
})

test('a failed call has an error type and an error status', () => {
  const [span] = toGenAiSpans(aFailedRecord())
  expect(valuesOf(span)['error.type']).toBe('rate_limit_exceeded')
  expect(span?.status).toEqual({ code: 2, message: 'slow down' })
})

test('an agent is the span around its call', () => {
  const record = aRecord({
    trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), agentSpanId: 'd'.repeat(16) },
    context: { ...aRecord().context, agentKey: 'tutor' },
  })
  const [agent, call] = toGenAiSpans(record)
  expect(agent).toMatchObject({ name: 'invoke_agent tutor', kind: 1, spanId: 'd'.repeat(16) })
  expect(call?.parentSpanId).toBe('d'.repeat(16))
})

test('a transcription has the model of its request and the parameters that have a name', () => {
  const [span] = toGenAiSpans(aTranscription())
  expect(span?.name).toBe('audio whisper-1')
  const values = valuesOf(span)
  expect(values).toMatchObject({ 'gen_ai.request.model': 'whisper-1', 'gen_ai.request.temperature': 0.2 })
  expect(JSON.parse(String(values['gen_ai.input.messages']))).toMatchObject({ file: { bytes: 5_000 } })
})

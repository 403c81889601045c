import { expect, test } from 'vitest'
import { readContext } from './context.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const span = '00f067aa0ba902b7'

test('our headers say whose call it is', () => {
  const { context, trace: ids } = readContext(
    {
      'x-thread-id': 't1',
      'x-session-id': 's1',
      'x-user-id': 'u1',
      'x-agent-key': 'planner',
      'x-trace-id': trace.toUpperCase(),
      'x-trace-name': 'ai_chat',
      'x-tags': 'a, b,,a',
      'x-metadata': '{"course":7}',
    },
    undefined,
  )
  expect(context).toEqual({
    threadId: 't1',
    sessionId: 's1',
    userId: 'u1',
    agentKey: 'planner',
    traceName: 'ai_chat',
    tags: ['a', 'b'],
    metadata: { trace_id: trace.toUpperCase(), course: 7 },
  })
  expect(ids).toEqual({
    traceId: trace,
    spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    agentSpanId: expect.stringMatching(/^[0-9a-f]{16}$/),
  })
})

test('each field comes from the first place that has it, and metadata is joined', () => {
  const { context } = readContext(
    { 'x-user-id': 'header', 'x-metadata': '{"a":1,"b":1}' },
    {
      user: 'body',
      metadata: { thread_id: 'plain', configurable: { thread_id: 'configured' }, b: '2', c: '3' },
    },
  )
  expect(context).toMatchObject({ userId: 'header', threadId: 'configured', sessionId: 'configured' })
  expect(context.metadata).toEqual({ a: 1, b: 1, c: '3' })
})

test('without any word of it a call is a trace of its own', () => {
  const one = readContext({}, undefined)
  const other = readContext({}, undefined)
  expect(one.context).toEqual({ tags: [], metadata: {} })
  expect(one.trace.traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(one.trace.traceId).not.toBe(other.trace.traceId)
})

test('traceparent gives trace and parent, unless x-trace-id names another trace', () => {
  const traceparent = `00-${trace}-${span}-01`
  expect(readContext({ traceparent }, undefined).trace).toMatchObject({ traceId: trace, parentSpanId: span })
  const other = readContext({ traceparent, 'x-trace-id': 'f'.repeat(32) }, undefined).trace
  expect(other.traceId).toBe('f'.repeat(32))
  expect(other).not.toHaveProperty('parentSpanId')
})

test.each([
  '',
  'garbage',
  `00-${'0'.repeat(32)}-${span}-01`,
  `ff-${trace}-${span}-01`,
  `00-${trace}-${span}`,
])('the traceparent %j is as good as none', (traceparent) => {
  expect(readContext({ traceparent }, undefined).trace.traceId).not.toBe(trace)
})

test('a foreign trace id becomes the same 32 hex everywhere and is kept in metadata', () => {
  const { context, trace: ids } = readContext({ 'x-trace-id': 'order 66' }, undefined)
  expect(ids.traceId).toBe('7860496e8189460a264ced7feb924bbc')
  expect(context.metadata).toEqual({ trace_id: 'order 66' })
})

test('a session id is never a trace id', () => {
  expect(readContext({ 'x-session-id': trace }, undefined).trace.traceId).not.toBe(trace)
})

test('headers beyond ASCII are read as UTF-8, metadata that is no JSON is kept as text', () => {
  const utf8 = Buffer.from('Zoë', 'utf8').toString('latin1')
  expect(readContext({ 'x-user-id': utf8, 'x-metadata': '{oops' }, undefined).context).toMatchObject({
    userId: 'Zoë',
    metadata: { 'x-metadata': '{oops' },
  })
})

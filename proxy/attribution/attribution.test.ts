import type { IncomingHttpHeaders } from 'node:http'
import { expect, test } from 'vitest'
import type { Json } from '../../shared/json.ts'
import { type Attribution, attribute, freshIds } from './attribution.ts'
import { readSources } from './sources.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const span = '00f067aa0ba902b7'

function whose(headers: IncomingHttpHeaders, body?: Json, pathThread?: string): Attribution {
  return attribute(readSources(headers, pathThread, body), freshIds())
}

test('our headers say whose call it is', () => {
  const { context, trace: ids } = whose({
    'x-thread-id': 't1',
    'x-session-id': 's1',
    'x-user-id': 'u1',
    'x-agent-key': 'planner',
    'x-trace-id': trace.toUpperCase(),
    'x-trace-name': 'ai_chat',
    'x-tags': 'a, b,,a',
    'x-metadata': '{"course":7}',
  })
  expect(context).toEqual({
    threadId: 't1',
    sessionId: 's1',
    userId: 'u1',
    agentKey: 'planner',
    traceName: 'ai_chat',
    tags: ['a', 'b'],
    metadata: { trace_id: trace.toUpperCase(), course: 7 },
    sources: {
      threadId: 'x-thread-id',
      sessionId: 'x-session-id',
      userId: 'x-user-id',
      agentKey: 'x-agent-key',
      traceId: 'x-trace-id',
      traceName: 'x-trace-name',
      tags: 'x-tags',
      metadata: 'x-metadata',
    },
  })
  expect(ids).toEqual({
    traceId: trace,
    spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    agentSpanId: expect.stringMatching(/^[0-9a-f]{16}$/),
  })
})

test('each field comes from the first place that has it, and metadata is joined', () => {
  const { context } = whose(
    {
      'x-user-id': 'own',
      'x-metadata': '{"a":1,"b":1}',
      'helicone-user-id': 'foreign',
      'helicone-session-id': 'foreign',
      'helicone-property-b': '2',
      baggage: 'session.id=baggage,user.id=baggage,langfuse.environment=staging',
    },
    {
      user: 'body',
      metadata: { thread_id: 'plain', configurable: { thread_id: 'configured' }, b: '2', c: '3' },
    },
  )
  expect(context).toEqual({
    threadId: 'configured',
    sessionId: 'foreign',
    userId: 'own',
    environment: 'staging',
    tags: [],
    metadata: { a: 1, b: 1, c: '3' },
    sources: {
      threadId: 'body metadata.configurable.thread_id',
      sessionId: 'helicone-session-id',
      userId: 'x-user-id',
      environment: 'baggage langfuse.environment',
      metadata: 'x-metadata, helicone-property-b, body metadata',
    },
  })
})

test('a thread in the path goes after our header and before those of others', () => {
  expect(whose({ 'thread-id': 'codex' }, undefined, 'path').context.threadId).toBe('path')
  expect(whose({ 'x-thread-id': 'own' }, undefined, 'path').context.threadId).toBe('own')
})

test('a thread without a session is the session, from the same place', () => {
  const { context } = whose({}, undefined, 'lesson 4')
  expect(context).toMatchObject({ threadId: 'lesson 4', sessionId: 'lesson 4' })
  expect(context.sources).toEqual({ threadId: 'path', sessionId: 'path' })
})

test('without any word of it a call is a trace of its own', () => {
  const [one, other] = [whose({}), whose({})]
  expect(one.context).toEqual({ tags: [], metadata: {} })
  expect(one.trace.traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(one.trace.traceId).not.toBe(other.trace.traceId)
})

test('traceparent gives trace and parent, unless x-trace-id names another trace', () => {
  const traceparent = `00-${trace}-${span}-01`
  expect(whose({ traceparent }).trace).toMatchObject({ traceId: trace, parentSpanId: span })
  expect(whose({ traceparent, 'x-trace-id': trace }).trace).toMatchObject({ parentSpanId: span })
  const other = whose({ traceparent, 'x-trace-id': 'f'.repeat(32) }).trace
  expect(other.traceId).toBe('f'.repeat(32))
  expect(other).not.toHaveProperty('parentSpanId')
})

test('a parent under another name holds in the trace that it came with, and in no other', () => {
  const headers = { langfuse_trace_id: trace, langfuse_parent_observation_id: span }
  expect(whose(headers).trace).toMatchObject({ traceId: trace, parentSpanId: span })
  expect(whose({ ...headers, 'x-trace-id': 'f'.repeat(32) }).trace).not.toHaveProperty('parentSpanId')
  expect(whose({ 'langfuse-parent-observation-id': span }).trace).not.toHaveProperty('parentSpanId')
})

test('a parent that is no span id is kept in metadata', () => {
  const { context, trace: ids } = whose({ 'x-trace-id': trace, 'x-portkey-parent-span-id': 'step 2' })
  expect(ids).not.toHaveProperty('parentSpanId')
  expect(context.metadata).toEqual({ parent_span_id: 'step 2' })
})

test("that the caller's trace is not sampled is told, for that trace only", () => {
  const traceparent = `00-${trace}-${span}-00`
  expect(whose({ traceparent }).trace.sampled).toBe(false)
  expect(whose({ traceparent: `00-${trace}-${span}-01` }).trace).not.toHaveProperty('sampled')
  expect(whose({ traceparent, 'x-trace-id': 'f'.repeat(32) }).trace).not.toHaveProperty('sampled')
})

test.each([
  '',
  'garbage',
  `00-${'0'.repeat(32)}-${span}-01`,
  `ff-${trace}-${span}-01`,
  `00-${trace}-${span}`,
])('the traceparent %j is as good as none', (traceparent) => {
  expect(whose({ traceparent }).trace.traceId).not.toBe(trace)
})

test('a foreign trace id becomes the same 32 hex everywhere and is kept in metadata', () => {
  const { context, trace: ids } = whose({ 'x-trace-id': 'order 66' })
  expect(ids.traceId).toBe('7860496e8189460a264ced7feb924bbc')
  expect(context.metadata).toEqual({ trace_id: 'order 66' })
})

test('a session id is never a trace id', () => {
  expect(whose({ 'x-session-id': trace }).trace.traceId).not.toBe(trace)
})

test('headers beyond ASCII are read as UTF-8, metadata that is no JSON is kept as text', () => {
  const utf8 = Buffer.from('Zoë', 'utf8').toString('latin1')
  expect(whose({ 'x-user-id': utf8, 'x-metadata': '{oops' }).context).toMatchObject({
    userId: 'Zoë',
    metadata: { 'x-metadata': '{oops' },
  })
})

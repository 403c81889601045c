import type { IncomingHttpHeaders } from 'node:http'
import { expect, test } from 'vitest'
import type { Json } from '../../shared/json.ts'
import { newTraceId } from '../../shared/record/ids.ts'
import { type Attribution, attribute, freshIds } from './attribution.ts'
import { readSources } from './sources.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const span = '00f067aa0ba902b7'

function attributionOf(headers: IncomingHttpHeaders, body?: Json, pathThread?: string): Attribution {
  return attribute(readSources(headers, pathThread, body), freshIds(newTraceId()))
}

test('our headers attribute the call', () => {
  const { context, trace: ids } = attributionOf({
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

test('each field comes from the source with the highest precedence, and metadata is merged', () => {
  const { context } = attributionOf(
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

test('a thread in the path ranks below our header and above those of other tools', () => {
  expect(attributionOf({ 'thread-id': 'codex' }, undefined, 'path').context.threadId).toBe('path')
  expect(attributionOf({ 'x-thread-id': 'own' }, undefined, 'path').context.threadId).toBe('own')
})

test('a thread without a session is the session, from the same source', () => {
  const { context } = attributionOf({}, undefined, 'lesson 4')
  expect(context).toMatchObject({ threadId: 'lesson 4', sessionId: 'lesson 4' })
  expect(context.sources).toEqual({ threadId: 'path', sessionId: 'path' })
})

test('a call without attributes is a trace of its own', () => {
  const [one, other] = [attributionOf({}), attributionOf({})]
  expect(one.context).toEqual({ tags: [], metadata: {} })
  expect(one.trace.traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(one.trace.traceId).not.toBe(other.trace.traceId)
})

test('traceparent gives trace and parent, unless x-trace-id names another trace', () => {
  const traceparent = `00-${trace}-${span}-01`
  expect(attributionOf({ traceparent }).trace).toMatchObject({ traceId: trace, parentSpanId: span })
  expect(attributionOf({ traceparent, 'x-trace-id': trace }).trace).toMatchObject({ parentSpanId: span })
  const other = attributionOf({ traceparent, 'x-trace-id': 'f'.repeat(32) }).trace
  expect(other.traceId).toBe('f'.repeat(32))
  expect(other).not.toHaveProperty('parentSpanId')
})

test('a parent that another tool sent is used only in the trace that came with it', () => {
  const headers = { langfuse_trace_id: trace, langfuse_parent_observation_id: span }
  expect(attributionOf(headers).trace).toMatchObject({ traceId: trace, parentSpanId: span })
  expect(attributionOf({ ...headers, 'x-trace-id': 'f'.repeat(32) }).trace).not.toHaveProperty('parentSpanId')
  expect(attributionOf({ 'langfuse-parent-observation-id': span }).trace).not.toHaveProperty('parentSpanId')
})

test('a parent that is not a span id is kept in the metadata', () => {
  const { context, trace: ids } = attributionOf({ 'x-trace-id': trace, 'x-portkey-parent-span-id': 'step 2' })
  expect(ids).not.toHaveProperty('parentSpanId')
  expect(context.metadata).toEqual({ parent_span_id: 'step 2' })
})

test("that the caller's trace is not sampled is recorded, for that trace only", () => {
  const traceparent = `00-${trace}-${span}-00`
  expect(attributionOf({ traceparent }).trace.sampled).toBe(false)
  expect(attributionOf({ traceparent: `00-${trace}-${span}-01` }).trace).not.toHaveProperty('sampled')
  expect(attributionOf({ traceparent, 'x-trace-id': 'f'.repeat(32) }).trace).not.toHaveProperty('sampled')
})

test.each([
  '',
  'garbage',
  `00-${'0'.repeat(32)}-${span}-01`,
  `ff-${trace}-${span}-01`,
  `00-${trace}-${span}`,
])('the malformed traceparent %j is ignored', (traceparent) => {
  expect(attributionOf({ traceparent }).trace.traceId).not.toBe(trace)
})

test('a foreign trace id is hashed to 32 hex and kept in the metadata', () => {
  const { context, trace: ids } = attributionOf({ 'x-trace-id': 'order 66' })
  expect(ids.traceId).toBe('7860496e8189460a264ced7feb924bbc')
  expect(context.metadata).toEqual({ trace_id: 'order 66' })
})

test('a session id is never a trace id', () => {
  expect(attributionOf({ 'x-session-id': trace }).trace.traceId).not.toBe(trace)
})

test('headers beyond ASCII are decoded as UTF-8, and metadata that is not JSON is kept as text', () => {
  const utf8 = Buffer.from('Zoë', 'utf8').toString('latin1')
  expect(attributionOf({ 'x-user-id': utf8, 'x-metadata': '{oops' }).context).toMatchObject({
    userId: 'Zoë',
    metadata: { 'x-metadata': '{oops' },
  })
})

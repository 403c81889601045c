import { describe, expect, test } from 'vitest'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { processOtlp } from '../../../../shared/testing/fake-langfuse/otlp-processing.ts'
import { aFailedRecord, aRecord, aTranscription } from '../../../testing/records.ts'
import { exportRequest, type Span } from '../../otlp/otlp-json.ts'
import type { LangfuseSettings } from '../data-model/trace.ts'
import { createTraceMemory } from '../data-model/trace-memory.ts'
import { langfuseResourceAndScope, toLangfuseSpans } from './mapping.ts'

const settings = {
  spans: true,
  fillCallerTraces: true,
  callerFields: new Set(['environment', 'prompt', 'version', 'release'] as const),
  maxCharacters: 60_000,
  environment: 'test',
  release: '1.2.3',
}
const spansOf = (record: InferenceRecord, context: LangfuseSettings = settings) =>
  toLangfuseSpans(record, createTraceMemory().groupOf(record), context)

/** What Langfuse would record, as measured on real servers. */
function recorded(record: InferenceRecord, context: LangfuseSettings = settings) {
  const body = exportRequest(langfuseResourceAndScope('pk-lf-test'), spansOf(record, context))
  const processed = processOtlp(JSON.parse(body).resourceSpans)
  if ('loss' in processed) throw new Error(processed.loss.reason)
  return processed.observations
}

function valuesOf(span: Span | undefined): Record<string, unknown> {
  return Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]))
}

const withAgent: Partial<InferenceRecord> = {
  trace: {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    parentSpanId: 'c'.repeat(16),
    agentSpanId: 'd'.repeat(16),
  },
  context: { ...aRecord().context, agentKey: 'tutor' },
}

test('a chat call is a generation with everything in its record', () => {
  const record = aRecord()
  const [generation] = recorded(record)
  expect(generation).toMatchObject({
    id: record.trace.spanId,
    traceId: record.trace.traceId,
    parentObservationId: null,
    type: 'GENERATION',
    name: 'chat gpt-4o-mini',
    model: 'gpt-4o-mini',
    modelParameters: { temperature: 0.5, max_tokens: 100 },
    input: '{"messages":[{"role":"user","content":"hi"}]}',
    output: '{"role":"assistant","content":"hello"}',
    startTime: '2026-11-20T09:57:44.722Z',
    endTime: '2026-11-20T09:57:46.222Z',
    completionStartTime: '2026-11-20T09:57:45.022Z',
    level: 'DEFAULT',
    statusMessage: null,
    environment: 'test',
    isRoot: true,
    trace: {
      name: 'ai_chat',
      userId: 'user-1',
      sessionId: 'session-1',
      tags: ['assistant', 'course'],
      release: '1.2.3',
    },
  })
})

test('the parts of the usage are disjoint and add up', () => {
  const [generation] = recorded(aRecord())
  expect(generation?.usage).toEqual({
    source: 'provided',
    details: { input: 20, input_cached_tokens: 4, output: 57, total: 81 },
  })
})

test("the metadata panel holds our keys and the caller's, and nothing else", () => {
  const [generation] = recorded(aRecord())
  const { metadata = {} } = generation ?? {}
  expect(Object.keys(metadata).sort()).toEqual([
    'call_id',
    'course',
    'draft',
    'ending',
    'finish_reasons',
    'http_status',
    'included_tokens',
    'level',
    'nested',
    'output_tokens_per_second',
    'provider',
    'request_bytes',
    'request_id',
    'response_bytes',
    'response_id',
    'route',
    'stream_events',
    'stream_largest_gap_ms',
    'thread_id',
    'upstream',
    'usage_provenance',
  ])
  expect(metadata).toMatchObject({ course: 'maths', level: 3, draft: false, nested: { deep: true } })
  const text = JSON.stringify(metadata)
  for (const own of ['session-1', 'user-1', 'ai_chat', 'hello']) expect(text).not.toContain(own)
  const [agent] = recorded(aRecord(withAgent))
  expect(Object.keys(agent?.metadata ?? {}).sort()).toEqual(['course', 'draft', 'level', 'nested'])
})

test('on the older way the attributes are not repeated either', () => {
  const body = exportRequest(langfuseResourceAndScope('pk-lf-test'), spansOf(aRecord()))
  const processed = processOtlp(JSON.parse(body).resourceSpans, 'legacy')
  const keys = 'loss' in processed ? [] : Object.keys(processed.observations[0]?.metadata ?? {})
  expect(keys).toContain('call_id')
  expect(keys.filter((key) => key.startsWith('attributes'))).toEqual([])
})

test("a caller's metadata keeps what Langfuse would take for its own under another name", () => {
  const taken = { scope: 'a', attributes: { b: 1 }, tools: [{ name: 'x' }], resourceAttributes: 2 }
  const metadata = { ...taken, 'scope.name': 'ai', 'attributes.operation.name': 'ai.x', scopes: 1 }
  const [generation] = recorded(aRecord({ context: { ...aRecord().context, metadata } }))
  expect(generation?.metadata).toMatchObject({
    caller_scope: 'a',
    caller_attributes: { b: 1 },
    caller_tools: [{ name: 'x' }],
    caller_resourceAttributes: 2,
    'caller_scope.name': 'ai',
    'caller_attributes.operation.name': 'ai.x',
    scopes: 1,
  })
  expect(generation?.metadata).not.toHaveProperty(['scope.name'])
  expect(generation?.metadata).not.toHaveProperty('tools')
})

test('a thread that is not the session is in the metadata, and is the session where there is none', () => {
  const { sessionId: _, ...context } = aRecord().context
  const apart = recorded(aRecord({ context: { ...context, sessionId: 'session-2' } }))[0]
  expect(apart?.metadata.thread_id).toBe('thread-1')
  expect(recorded(aRecord({ context }))[0]?.trace.sessionId).toBe('thread-1')
})

test('an agent key puts a span around the generation, with the trace on both', () => {
  const [agent, generation] = recorded(aRecord(withAgent))
  expect(agent).toMatchObject({
    id: generation?.parentObservationId,
    type: 'AGENT',
    input: generation?.input,
    output: generation?.output,
    name: 'agent_tutor',
    parentObservationId: 'c'.repeat(16),
    isRoot: true,
  })
  expect(generation).toMatchObject({ isRoot: false })
  expect(agent?.trace).toEqual(generation?.trace)
  expect(agent?.environment).toBe('test')
})

test('with spans off the generation is a child of the parent itself', () => {
  const observations = recorded(aRecord(withAgent), { ...settings, spans: false })
  expect(observations.map(({ parentObservationId }) => parentObservationId)).toEqual(['c'.repeat(16)])
})

test('the agent key appears once: as the name of its span, or in the metadata where there is none', () => {
  const spans = recorded(aRecord(withAgent))
  expect(JSON.stringify(spans).split('tutor')).toHaveLength(2)
  const [generation] = recorded(aRecord(withAgent), { ...settings, spans: false })
  expect(generation?.metadata.agent_key).toBe('tutor')
})

test('metadata that repeats a field is left out', () => {
  const metadata = { user_id: 'user-1', session_id: 'session-1', thread_id: 'other', course: 'maths' }
  const [generation] = recorded(aRecord({ context: { ...aRecord().context, metadata } }))
  expect(generation?.metadata).toMatchObject({
    thread_id: 'thread-1',
    caller_thread_id: 'other',
    course: 'maths',
  })
  expect(generation?.metadata).not.toHaveProperty('user_id')
  expect(generation?.metadata).not.toHaveProperty('session_id')
})

test('a call names its own environment and generation, and the metadata has the source of each value', () => {
  const context = {
    ...aRecord().context,
    environment: 'staging',
    spanName: 'summary',
    sources: { userId: 'x-user-id' },
  }
  const [generation] = recorded(aRecord({ context }))
  expect(generation).toMatchObject({ name: 'summary', environment: 'staging' })
  expect(JSON.stringify(generation?.metadata.context_source)).toContain('x-user-id')
})

test('a failed call is an error with its reason, and zero tokens instead of an invented cost', () => {
  const [generation] = recorded(aFailedRecord())
  expect(generation).toMatchObject({
    level: 'ERROR',
    statusMessage: 'rate_limit_exceeded: slow down',
    usage: { source: 'provided', details: { input: 0, output: 0, total: 0 } },
    output: '{"error":{"message":"slow down","type":"rate_limit_exceeded","code":429}}',
  })
})

test('a successful call without usage is charged nothing', () => {
  const [generation] = recorded(aRecord({ usage: { provenance: 'missing' } }))
  expect(generation).toMatchObject({
    usage: { source: 'provided', details: { total: 0 } },
    cost: { total: 0 },
  })
})

test('the tier that served the call is the one that is priced, whatever was requested', () => {
  const { request, response } = aRecord()
  const [generation] = recorded(
    aRecord({
      request: { ...request, parameters: { service_tier: 'auto' } },
      response: { ...response, model: 'gpt-5.6-sol', serviceTier: 'priority' },
      usage: { provenance: 'provider', input: 10, output: 0 },
    }),
  )
  expect(generation?.modelParameters).toEqual({ service_tier: 'priority' })
  expect(generation?.cost.total).toBeCloseTo(10 * 1e-5, 12)
  expect(generation?.metadata.requested_service_tier).toBe('auto')
})

test("so is Anthropic's speed", () => {
  const { request, response } = aRecord()
  const servedAt = (speed: string) =>
    recorded(
      aRecord({
        request: { ...request, parameters: { speed: 'fast' } },
        response: { ...response, model: 'claude-opus-5', serviceTier: 'standard', speed },
        usage: { provenance: 'provider', input: 10, output: 0 },
      }),
    )[0]
  expect(servedAt('fast')?.cost.total).toBeCloseTo(10 * 1e-5, 12)
  expect(servedAt('fast')?.metadata).not.toHaveProperty('requested_speed')
  expect(servedAt('standard')?.cost.total).toBeCloseTo(5 * 1e-5, 12)
  expect(servedAt('standard')?.metadata.requested_speed).toBe('fast')
})

test('a prefix that the price list does not know is taken off, and the reported name is kept', () => {
  const [generation] = recorded(aRecord({ response: { ...aRecord().response, model: 'azure/gpt-5' } }))
  expect(generation?.model).toBe('gpt-5')
  expect(generation?.cost.total).toBeGreaterThan(0)
  expect(generation?.metadata.model).toBe('azure/gpt-5')
})

describe.each([
  ['completed', 'DEFAULT'],
  ['client_closed', 'WARNING'],
  ['truncated', 'WARNING'],
  ['upstream_error', 'ERROR'],
  ['error_in_stream', 'ERROR'],
  ['upstream_closed', 'ERROR'],
  ['timed_out', 'ERROR'],
] as const)('a call that ended as %s', (ending, level) => {
  test(`has the level ${level}`, () => expect(recorded(aRecord({ ending }))[0]?.level).toBe(level))
})

test.each([
  ['embeddings', 'EMBEDDING'],
  ['rerank', 'RETRIEVER'],
  ['responses', 'GENERATION'],
  ['text_completion', 'GENERATION'],
  ['moderation', 'SPAN'],
  ['relay', 'SPAN'],
] as const)('%s becomes %s', (operation, type) => {
  expect(recorded(aRecord({ operation }))[0]?.type).toBe(type)
})

test('several choices are a list of messages', () => {
  const choices = [0, 1].map((index) => ({ index, content: `answer ${index}` }))
  const [generation] = recorded(aRecord({ output: { kind: 'choices', choices } }))
  expect(JSON.parse(String(generation?.output))).toHaveLength(2)
})

test('a lone surrogate anywhere loses nothing', () => {
  const half = 'x\ud83d'
  const record = aRecord({
    input: [{ role: 'user', content: half }],
    output: { kind: 'text', text: half },
    context: {
      ...aRecord().context,
      traceName: half,
      tags: [half],
      metadata: { [half]: half, deep: { half } },
    },
    request: { ...aRecord().request, model: half, parameters: { stop: half } },
    error: { type: 'odd', message: half },
  })
  const [generation] = recorded(record)
  expect(generation?.input).toBe('{"messages":[{"role":"user","content":"x\u{FFFD}"}]}')
})

test('empty values have no attribute', () => {
  const record = aRecord({
    context: { tags: [], metadata: { none: null, empty: '' } },
    request: { ...aRecord().request, parameters: {} },
  })
  const [span] = spansOf(record, {
    spans: true,
    fillCallerTraces: true,
    callerFields: new Set(['environment', 'prompt', 'version', 'release'] as const),
    maxCharacters: 60_000,
  })
  const keys = Object.keys(valuesOf(span))
  expect(
    keys.filter((key) => /tags|parameters|session|user|none|empty|environment|release/.test(key)),
  ).toEqual([])
})

test('the same record gives the same bytes, whatever the clock says', () => {
  const record = aRecord(withAgent)
  const [first, again] = [1, 2].map(() => JSON.stringify(spansOf(record)))
  expect(again).toBe(first)
  expect(spansOf(record)[1]).toMatchObject({
    startTimeUnixNano: '1795168664722000000',
    endTimeUnixNano: '1795168666222000000',
  })
})

test("the provider's own bill takes precedence over the price list", () => {
  const [generation] = recorded(
    aRecord({ usage: { provenance: 'provider', input: 1, output: 1, cost: 0.25 } }),
  )
  expect(generation?.cost).toEqual({ total: 0.25 })
})

test('the metadata has limits, attempts, speed and the source of the usage', () => {
  const { request, response } = aRecord()
  const [generation] = recorded(
    aRecord({
      request: { ...request, retry: 1, clientId: 'req-1', attemptOf: 'f'.repeat(32) },
      response: { ...response, limits: { 'retry-after': '30' } },
      usage: { provenance: 'estimated', input: 4, output: 61, total: 65 },
    }),
  )
  expect(generation?.metadata).toMatchObject({
    retry: 1,
    client_request_id: 'req-1',
    attempt_of: 'f'.repeat(32),
    output_tokens_per_second: 50,
    usage_provenance: 'estimated',
  })
  expect(JSON.stringify(generation?.metadata.limits)).toContain('retry-after')
  expect(generation?.usage).toEqual({ source: 'provided', details: { input: 4, output: 61, total: 65 } })
})

test('a transcription has the model and the parameters of its request, and no invented cost', () => {
  const [span] = recorded(aTranscription())
  expect(span).toMatchObject({
    type: 'SPAN',
    name: 'audio whisper-1',
    model: 'whisper-1',
    modelParameters: { language: 'en', temperature: 0.2 },
    output: 'Hello.',
    usage: { details: { total: 0 } },
  })
  expect(JSON.parse(String(span?.input))).toMatchObject({ file: { filename: 'a.mp3', bytes: 5_000 } })
})

import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { handleIngestion } from '../../../../shared/testing/fake-langfuse/ingestion-endpoint.ts'
import { toObservation, toTrace } from '../../../../shared/testing/fake-langfuse/ingestion-processing.ts'
import type { Mode } from '../../../../shared/testing/fake-langfuse/modes.ts'
import { aFailedRecord, aRecord, aTranscription } from '../../../testing/records.ts'
import { createTraceMemory } from '../data-model/trace-memory.ts'
import { toIngestionEvents } from './mapping.ts'

const settings = {
  spans: true,
  fillCallerTraces: true,
  callerFields: new Set(['environment', 'prompt', 'version', 'release'] as const),
  maxCharacters: 60_000,
  environment: 'test',
  release: '1.2.3',
}
const eventsOf = (record: InferenceRecord) =>
  toIngestionEvents(record, createTraceMemory().groupOf(record), settings)

/** What a server of that version would record. */
function recorded(record: InferenceRecord, mode: Mode) {
  const events = eventsOf(record)
  const { response, accepted } = handleIngestion(JSON.stringify({ batch: events }), mode, 'project')
  expect(response.body).toMatchObject({ errors: [] })
  const [trace, ...observations] = accepted
  return {
    trace: toTrace(trace?.body ?? {}),
    observations: observations.map((event) => toObservation(event, undefined)),
  }
}

test.each(['v2', 'v3'] as const)('a chat call is a trace and a generation on %s', (mode) => {
  const record = aRecord()
  const { trace, observations } = recorded(record, mode)
  expect(trace).toMatchObject({
    id: record.trace.traceId,
    name: 'ai_chat',
    userId: 'user-1',
    sessionId: 'session-1',
    tags: ['assistant', 'course'],
    release: '1.2.3',
    metadata: { course: 'maths' },
  })
  expect(observations).toHaveLength(1)
  expect(observations[0]).toMatchObject({
    id: record.trace.spanId,
    traceId: record.trace.traceId,
    type: 'GENERATION',
    model: 'gpt-4o-mini',
    input: { messages: [{ role: 'user', content: 'hi' }] },
    output: { role: 'assistant', content: 'hello' },
    startTime: '2026-11-20T09:57:44.722Z',
    endTime: '2026-11-20T09:57:46.222Z',
    completionStartTime: '2026-11-20T09:57:45.022Z',
  })
})

test('version 2 reads the plain usage, version 3 the disjoint one', () => {
  expect(recorded(aRecord(), 'v2').observations[0]?.usage.details).toEqual({
    input: 24,
    output: 57,
    total: 81,
  })
  expect(recorded(aRecord(), 'v3').observations[0]?.usage.details).toMatchObject({
    input: 20,
    input_cached_tokens: 4,
    total: 81,
  })
})

test.each(['v2', 'v3'] as const)('a failed call is charged nothing on %s', (mode) => {
  const [generation] = recorded(aFailedRecord(), mode).observations
  expect(generation).toMatchObject({ level: 'ERROR', usage: { source: 'provided' } })
  expect(generation?.cost.total ?? 0).toBe(0)
})

test('the generation has the environment too, because it is not inherited', () => {
  expect(recorded(aRecord(), 'v3').observations[0]?.environment).toBe('test')
})

test('an agent key puts a span between parent and generation', () => {
  const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), agentSpanId: 'd'.repeat(16) }
  const context = { ...aRecord().context, agentKey: 'tutor' }
  const { observations } = recorded(aRecord({ trace, context }), 'v2')
  expect(observations).toMatchObject([
    { type: 'SPAN', name: 'agent_tutor', parentObservationId: null },
    { type: 'GENERATION', name: 'chat gpt-4o-mini', parentObservationId: observations[0]?.id },
  ])
})

test('NUL and lone surrogates do not reach the server', () => {
  const record = aRecord({
    operation: 'moderation',
    input: 'a\u0000b\ud83d',
    output: { kind: 'json', value: { 'k\u0000': ['\u0000'] } },
  })
  const { observations } = recorded(record, 'v2')
  expect(observations[0]).toMatchObject({ input: 'ab\u{FFFD}', output: { k: [''] } })
})

test('parameters that are objects are sent as JSON', () => {
  const request = {
    ...aRecord().request,
    parameters: { logit_bias: { '50': 1 }, stop: ['a'] },
  }
  const [generation] = recorded(aRecord({ request }), 'v3').observations
  expect(generation?.modelParameters).toEqual({ logit_bias: '{"50":1}', stop: '["a"]' })
})

test('the same record gives the same events, ids and times included', () => {
  const record = aRecord()
  expect(eventsOf(record)).toEqual(eventsOf(record))
})

test.each(['v2', 'v3'] as const)('every call of a model has its parameters and usage on %s', (mode) => {
  const [transcription] = recorded(aTranscription(), mode).observations
  expect(transcription).toMatchObject({
    type: 'GENERATION',
    name: 'audio whisper-1',
    model: 'whisper-1',
    modelParameters: { language: 'en', temperature: 0.2 },
    usage: { details: { total: 0 } },
  })
  const usage = { provenance: 'provider', input: 9, total: 9 } as const
  for (const operation of ['rerank', 'image', 'moderation', 'embeddings'] as const) {
    const [observation] = recorded(aRecord({ operation, usage }), mode).observations
    expect(observation).toMatchObject({
      type: 'GENERATION',
      model: 'gpt-4o-mini',
      usage: { details: { input: 9, total: 9 } },
    })
  }
})

test.each(['v2', 'v3'] as const)("the provider's bill is the cost on %s", (mode) => {
  const usage = { provenance: 'provider', input: 1, output: 1, cost: 0.25 } as const
  expect(recorded(aRecord({ usage }), mode).observations[0]?.cost).toEqual({ total: 0.25 })
})

test('the result of a background response updates its generation, by events that come later and are not the same', () => {
  const { output: _, ...begun } = aRecord({
    id: 'a',
    trace: { traceId: 't', spanId: 's', parentSpanId: 'p' },
  })
  const running = {
    ...begun,
    ending: 'running',
    usage: { provenance: 'missing' },
    response: { ...begun.response, state: 'queued' },
  } satisfies InferenceRecord
  const complete = aRecord({
    ...begun,
    completedBy: 'b',
    response: { ...begun.response, state: 'completed' },
    times: { ...begun.times, durationMs: begun.times.durationMs + 1 },
  })
  const [first, second] = [eventsOf(running), eventsOf(complete)]
  expect(first.map(({ type }) => type)).toEqual(['trace-create', 'generation-create'])
  expect(second.map(({ type }) => type)).toEqual(['trace-create', 'generation-update'])
  for (const [n, event] of first.entries()) {
    expect(second[n]?.id).not.toBe(event.id)
    expect(Date.parse(second[n]?.timestamp ?? '')).toBeGreaterThan(Date.parse(event.timestamp))
    expect(second[n]?.body).toMatchObject({ id: (event.body as { id?: string }).id })
  }
  expect(first[1]?.body).toMatchObject({ statusMessage: 'running: queued', usageDetails: { total: 0 } })
  expect(first[1]?.body).not.toHaveProperty('endTime')
  expect(second[1]?.body).toMatchObject({ statusMessage: 'completed', output: { content: 'hello' } })
})

test('what was fetched again is no generation, whatever model it names', () => {
  const record = aRecord({ operation: 'relay', fetched: { id: 'resp_1', usage: { provenance: 'missing' } } })
  expect(eventsOf(record).map(({ type }) => type)).toEqual(['trace-create', 'span-create'])
})

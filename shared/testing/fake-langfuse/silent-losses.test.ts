import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Json } from '../../json.ts'
import { type FakeLangfuse, startFakeLangfuse } from './fake-langfuse.ts'
import type { Mode } from './modes.ts'

// Measurements of real servers beyond the recordings (langfuse-facts.md), which a more lenient fake would hide.

let langfuse: FakeLangfuse
const start = async (mode: Mode): Promise<void> => {
  langfuse = await startFakeLangfuse(mode)
}
afterEach(() => langfuse.close())

function post(path: string, body: Json, headers: Record<string, string> = {}): Promise<Response> {
  const { publicKey, secretKey } = langfuse.keys
  const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`
  return fetch(`${langfuse.baseUrl}${path}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

let spans = 0

/** A span with string attributes; undefined is an attribute without a value. */
function aSpan(
  values: Readonly<Record<string, string | undefined>>,
  changes: Record<string, Json> = {},
): Json {
  const spanId = String(++spans).padStart(16, '0')
  return {
    traceId: 'a'.repeat(32),
    spanId,
    name: 'chat',
    startTimeUnixNano: '1795168664722000000',
    endTimeUnixNano: '1795168666222000000',
    attributes: Object.entries(values).map(([key, text]) =>
      text === undefined ? { key } : { key, value: { stringValue: text } },
    ),
    ...changes,
  }
}

function exportSpans(...exported: readonly Json[]): Promise<Response> {
  return post('/api/public/otel/v1/traces', {
    resourceSpans: [
      { resource: { attributes: [] }, scopeSpans: [{ scope: { name: 'x' }, spans: exported }] },
    ],
  })
}

const generation = (values: Readonly<Record<string, string>>): Json =>
  aSpan({
    'langfuse.observation.type': 'generation',
    'langfuse.observation.model.name': 'gpt-4o-mini',
    ...values,
  })

describe('version 4', () => {
  beforeEach(() => start('v4'))

  test('one attribute without a value loses every span of its request', async () => {
    const response = await exportSpans(aSpan({ 'user.id': undefined }), aSpan({}))
    expect(response.status).toBe(200)
    expect(langfuse.observations()).toEqual([])
    expect(langfuse.losses()).toEqual([{ reason: 'attribute without value', spans: 2 }])
  })

  test('a lone surrogate loses every span of its request', async () => {
    expect((await exportSpans(aSpan({ 'user.id': 'x\ud83d' }), aSpan({}))).status).toBe(200)
    expect(langfuse.observations()).toEqual([])
    await exportSpans(aSpan({ 'user.id': 'whole \u{1F600} and the text \\ud83d' }))
    expect(langfuse.observations()).toHaveLength(1)
  })

  test("OpenAI's usage with another key is added up twice and costs nothing", async () => {
    const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150, cost: 0.1 }
    await exportSpans(generation({ 'langfuse.observation.usage_details': JSON.stringify(usage) }))
    const [recorded] = langfuse.observations()
    expect(recorded?.usage.details).toMatchObject({ prompt_tokens: 100, total: 300 })
    expect(recorded?.cost).toEqual({})
  })

  test('fractions of tokens are dropped', async () => {
    await exportSpans(generation({ 'langfuse.observation.usage_details': '{"input":1.5,"output":2}' }))
    expect(langfuse.observations()[0]?.usage.details).toEqual({ output: 2, total: 2 })
  })

  test('missing usage is estimated and charged, also for errors', async () => {
    await exportSpans(
      generation({ 'langfuse.observation.level': 'ERROR', 'langfuse.observation.input': 'a long question' }),
    )
    const [recorded] = langfuse.observations()
    expect(recorded?.usage.source).toBe('estimated')
    expect(recorded?.cost.total).toBeGreaterThan(0)
  })

  test('an upper-case type is a span', async () => {
    await exportSpans(aSpan({ 'langfuse.observation.type': 'GENERATION' }))
    expect(langfuse.observations()[0]?.type).toBe('SPAN')
  })

  test.each([
    ['PROD', 'prod'],
    ['langfuse-prod', 'prod'],
    ['prod.eu', 'default'],
  ])('the environment %s is renamed to %s', async (environment, renamed) => {
    await exportSpans(aSpan({ 'langfuse.environment': environment }))
    expect(langfuse.observations()[0]?.environment).toBe(renamed)
  })

  test('rows collapse only where span, trace and start are the same', async () => {
    const span = aSpan({}) as Record<string, Json>
    await exportSpans(span)
    await exportSpans(span)
    expect([langfuse.rows().length, langfuse.observations().length]).toEqual([2, 1])
    await exportSpans({ ...span, startTimeUnixNano: '1795168664723000000' })
    expect(langfuse.observations()).toHaveLength(2)
  })

  test('the public key alone may not export', async () => {
    const response = await post(
      '/api/public/otel/v1/traces',
      { resourceSpans: [] },
      { authorization: `Bearer ${langfuse.keys.publicKey}` },
    )
    expect(response.status).toBe(403)
  })
})

describe('version 3', () => {
  beforeEach(() => start('v3'))

  const events = (...batch: readonly Json[]): Promise<Response> => post('/api/public/ingestion', { batch })
  const event = (type: string, body: Record<string, Json>): Json => ({
    id: `${type}-${body.id}`,
    type,
    timestamp: '2026-11-20T10:00:00.000Z',
    body,
  })

  test('a generation without its trace exists, but the trace cannot be read', async () => {
    await events(event('generation-create', { id: 'g', traceId: 't' }))
    expect(langfuse.observations()).toHaveLength(1)
    const { publicKey, secretKey } = langfuse.keys
    const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`
    const read = await fetch(`${langfuse.baseUrl}/api/public/traces/t`, { headers: { authorization } })
    expect(read.status).toBe(404)
  })

  test('repeated events are merged by id: tags unite, later values win', async () => {
    await events(event('trace-create', { id: 't', name: 'first', tags: ['a'], metadata: { a: 1 } }))
    await events(event('trace-create', { id: 't', name: 'second', tags: ['b'], metadata: { b: 2 } }))
    expect(langfuse.traces()).toMatchObject([{ name: 'second', tags: ['a', 'b'], metadata: { a: 1, b: 2 } }])
    for (let times = 0; times < 4; times++)
      await events(event('generation-create', { id: 'g', traceId: 't' }))
    expect(langfuse.observations()).toHaveLength(1)
  })

  test('events of one observation are merged by their own times, and an event with the same id is taken once', async () => {
    const at = (second: number, id: string, body: Record<string, Json>): Json => ({
      ...(event('generation-create', { id: 'g', traceId: 't', ...body }) as Record<string, Json>),
      id,
      timestamp: `2026-11-20T10:00:0${second}.000Z`,
    })
    await events(at(2, 'late', { output: 'done', statusMessage: 'completed', usageDetails: { input: 3 } }))
    await events(at(1, 'early', { input: 'question', statusMessage: 'running', usageDetails: { input: 0 } }))
    expect(langfuse.observations()).toMatchObject([
      { input: 'question', output: 'done', statusMessage: 'completed', usage: { details: { input: 3 } } },
    ])
    await events(at(3, 'late', { output: 'again' }))
    expect(langfuse.observations()).toMatchObject([{ output: 'again', statusMessage: 'running' }])
  })

  test('what a span lacks when it comes again over OTLP stays as it was', async () => {
    const values = {
      'langfuse.observation.input': 'question',
      'langfuse.observation.status_message': 'running',
    }
    const first = generation(values) as Record<string, Json>
    await exportSpans(first)
    const { spanId } = first
    const second = generation({ 'langfuse.observation.output': 'done' }) as Record<string, Json>
    await exportSpans({ ...second, spanId: spanId as Json })
    expect(langfuse.observations()).toMatchObject([
      { input: 'question', output: 'done', statusMessage: 'running' },
    ])
  })

  test('the environment of the trace is not inherited', async () => {
    await events(
      event('trace-create', { id: 't', environment: 'test' }),
      event('generation-create', { id: 'g', traceId: 't' }),
    )
    expect(langfuse.observations()[0]?.environment).toBe('default')
  })

  test('the public key alone may send scores and nothing else', async () => {
    const authorization = `Bearer ${langfuse.keys.publicKey}`
    const batch = [event('trace-create', { id: 't' }), event('score-create', { id: 's' })]
    const response = await post('/api/public/ingestion', { batch }, { authorization })
    expect(await response.json()).toMatchObject({
      successes: [{ id: 'score-create-s' }],
      errors: [{ id: 'trace-create-t', status: 401 }],
    })
  })

  test('a body over 4.5 MiB is rejected as text', async () => {
    const response = await events(event('trace-create', { id: 't', input: 'x'.repeat(4.5 * 1024 * 1024) }))
    expect([response.status, await response.text()]).toEqual([413, 'Body exceeded 4.5mb limit'])
  })

  test('a reverse proxy before it takes less, and answers with its own page', async () => {
    langfuse.limitBodies(1_000)
    const [large, small] = [
      await events(event('trace-create', { id: 't', input: 'x'.repeat(1_000) })),
      await events(event('trace-create', { id: 't', input: 'x' })),
    ]
    expect([large.status, await large.text()]).toEqual([
      413,
      expect.stringContaining('Request Entity Too Large'),
    ])
    expect(small.status).toBe(207)
  })

  test('usage details with fractions reject the event', async () => {
    const response = await events(event('generation-create', { id: 'g', usageDetails: { input: 1.5 } }))
    expect(await response.json()).toMatchObject({ successes: [], errors: [{ status: 400 }] })
  })
})

describe('version 2', () => {
  beforeEach(() => start('v2'))

  test('U+0000 is a server error, and usage details and environment are ignored', async () => {
    const timestamp = '2026-11-20T10:00:00.000Z'
    const response = await post('/api/public/ingestion', {
      batch: [
        { id: '1', type: 'span-create', timestamp, body: { id: 'a', input: '\u0000' } },
        {
          id: '2',
          type: 'generation-create',
          timestamp,
          body: { id: 'b', usageDetails: { input: 1 }, environment: 'test' },
        },
      ],
    })
    expect(await response.json()).toMatchObject({
      successes: [{ id: '2' }],
      errors: [{ id: '1', status: 500 }],
    })
    expect(langfuse.observations()).toMatchObject([{ environment: 'default', usage: { details: {} } }])
  })
})

import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import type { FilterResult } from '../../../shared/record/served.ts'
import { choicesFold } from './choices.ts'
import { documentFold } from './document.ts'
import { responsesFold } from './responses.ts'

function chat(...events: JsonObject[]) {
  const fold = choicesFold({ left: 10_000 })
  for (const event of events) fold.add(event)
  return fold.result()
}

const choice = (fields: JsonObject): JsonObject => ({ choices: [{ index: 0, ...fields }] })

test('reads who served a response, at which tier', () => {
  expect(
    chat(
      { provider: 'Novita', system_fingerprint: 'fp_1', service_tier: null, choices: [] },
      { provider: 'Novita', system_fingerprint: '', service_tier: 'priority', choices: [] },
    ).served,
  ).toEqual({ serviceTier: 'priority', systemFingerprint: 'fp_1', servedBy: 'Novita' })
  expect(chat({ usage: { total_tokens: 1, service_tier: 'standard' } }).served).toEqual({
    serviceTier: 'standard',
  })
})

test('takes the tier and the state with which a response ended', () => {
  const fold = responsesFold({ left: 1_000 })
  const response = { object: 'response', id: 'r', output: [] }
  fold.add({
    type: 'response.created',
    response: { ...response, service_tier: 'auto', status: 'in_progress' },
  })
  expect(fold.result().served).toEqual({ serviceTier: 'auto', state: 'in_progress' })
  fold.add({
    type: 'response.completed',
    response: { ...response, service_tier: 'flex', status: 'completed' },
  })
  expect(fold.result().served).toEqual({ serviceTier: 'flex', state: 'completed' })
})

test('reads what servers measured, numbers only', () => {
  expect(chat({ timings: { prompt_n: 9, predicted_ms: 1.5, note: 'x' } }).served).toEqual({
    timings: { prompt_n: 9, predicted_ms: 1.5 },
  })
  expect(chat({ time_info: { queue_time: 0.1 } }).served).toEqual({ timings: { queue_time: 0.1 } })
})

test('says nothing of a response that reports nothing', () => {
  expect(chat(choice({ delta: { content: 'a' } }))).not.toHaveProperty('served')
  expect(chat({ provider: 7, service_tier: {}, timings: [], choices: [] })).not.toHaveProperty('served')
})

const hate = { filtered: true, severity: 'high' }
const safe = { filtered: false, severity: 'safe' }

test.each<[string, JsonObject, FilterResult[]]>([
  [
    "Azure's of a choice",
    { choices: [{ index: 1, content_filter_results: { hate, violence: safe } }] },
    [{ of: 'response', index: 1, category: 'hate', filtered: true, severity: 'high' }],
  ],
  [
    "Azure's of a prompt",
    {
      choices: [],
      prompt_filter_results: [
        {
          prompt_index: 0,
          content_filter_results: { jailbreak: { detected: true, filtered: true }, hate: safe },
        },
      ],
    },
    [{ of: 'prompt', index: 0, category: 'jailbreak', filtered: true }],
  ],
  [
    "Azure's that only noticed",
    choice({ content_filter_results: { protected_material_code: { detected: true, filtered: false } } }),
    [{ of: 'response', index: 0, category: 'protected_material_code', filtered: false }],
  ],
  [
    "Azure's of a prompt that it refused",
    { error: { code: 'content_filter', innererror: { content_filter_result: { hate } } } },
    [{ of: 'prompt', index: 0, category: 'hate', filtered: true, severity: 'high' }],
  ],
  [
    "Azure's in the Responses API",
    { content_filters: [{ source_type: 'prompt', blocked: true, content_filter_results: { hate } }] },
    [{ of: 'prompt', index: 0, category: 'hate', filtered: true, severity: 'high' }],
  ],
  [
    'moderation in the response',
    {
      moderation: {
        input: { results: [{ flagged: true, categories: { violence: true, hate: false } }] },
        output: { categories: { sexual: true } },
      },
    },
    [
      { of: 'prompt', index: 0, category: 'violence', filtered: false },
      { of: 'response', index: 0, category: 'sexual', filtered: false },
    ],
  ],
  [
    "Zhipu's",
    { content_filter: [{ role: 'assistant', level: 0 }] },
    [{ of: 'response', index: 0, category: 'content_filter', filtered: true, severity: '0' }],
  ],
  [
    "MiniMax's",
    { input_sensitive: true, input_sensitive_type: 3, output_sensitive: false },
    [{ of: 'prompt', index: 0, category: 'sensitive_3', filtered: true }],
  ],
])('reads what filters found: %s', (_, event, expected) => {
  expect(chat(event).served?.filters).toEqual(expected)
})

test('what a filter has withheld is not replaced by later chunks, and what is safe is left out', () => {
  const results = [hate, { filtered: false, severity: 'low' }, safe].map((result) =>
    choice({ content_filter_results: { hate: result, violence: safe } }),
  )
  expect(chat(...results).served?.filters).toMatchObject([
    { category: 'hate', filtered: true, severity: 'high' },
  ])
  expect(chat(choice({ content_filter_results: { hate: safe } }))).not.toHaveProperty('served')
})

test('keeps a bounded number of findings', () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`category_${at}`, hate]))
  expect(chat(choice({ content_filter_results: many })).served?.filters).toHaveLength(32)
})

const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 }

test.each<[string, JsonObject, number]>([
  ['beside the usage (Venice)', { usage, cost: 0.25 }, 0.25],
  ['beside it as text', { usage, cost: '0.25' }, 0.25],
  ['beside it under another name', { usage, total_cost: '$0.25' }, 0.25],
  ['in metadata beside it', { usage, provider_metadata: { gateway: { cost: '0.25' } } }, 0.25],
  ['beside it as an object', { usage, cost: { usd: 0.25, diem: 3 } }, 0.25],
  ['in the usage before one beside it', { usage: { ...usage, cost: 0.25 }, cost: 9 }, 0.25],
  [
    "in the metadata of Vercel's gateway",
    { usage, choices: [{ message: { provider_metadata: { gateway: { cost: '0.25' } } } }] },
    0.25,
  ],
  [
    'in those of a stream',
    { usage, choices: [{ delta: { provider_metadata: { gateway: { cost: '0.25' } } } }] },
    0.25,
  ],
])('reads a cost %s', (_, event, cost) => {
  expect(chat(event).usage).toMatchObject({ total: 11, cost })
})

test('the cost of a document that is no response is not that of the call', () => {
  const fold = documentFold({ left: 1_000 })
  fold.add({ object: 'invoice', id: 'i', cost: 900 })
  expect(fold.result().usage).toEqual({ provenance: 'missing' })
})

test('an error that comes after a finish reason says more', () => {
  const busy = { error: { message: 'Busy', type: 'overloaded_error' } }
  expect(
    chat(choice({ finish_reason: 'error' }), busy, { error: { message: 'Late', type: 'late' } }).error?.type,
  ).toBe('overloaded_error')
  expect(chat(busy, choice({ finish_reason: 'abort' })).error?.type).toBe('overloaded_error')
})

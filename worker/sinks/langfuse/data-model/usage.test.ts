import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TokenCounts } from '../../../../shared/record/usage.ts'
import { costOf } from '../../../../shared/testing/fake-langfuse/pricing.ts'
import { aRecord } from '../../../testing/records.ts'
import { pricedName } from './priced-parts.ts'
import { includedTokens, plainUsage, usageDetails } from './usage.ts'

const recordOf = (counts: TokenCounts, model = 'gpt-4o-mini') =>
  aRecord({
    usage: { provenance: 'provider', ...counts },
    response: { ...aRecord().response, model },
  })
const detailsOf = (counts: TokenCounts, model?: string) => usageDetails(recordOf(counts, model))
const plainOf = (counts: TokenCounts, model?: string) => plainUsage(recordOf(counts, model))

const counts = {
  input: 1000,
  cachedInput: 400,
  cacheWrite: 100,
  audioInput: 50,
  imageInput: 30,
  output: 1000,
  reasoning: 600,
  audioOutput: 20,
  total: 2000,
}

test.each([
  ['gpt-4o-mini', { input: 600, input_cached_tokens: 400, output: 1000 }],
  ['gpt-4.1-nano-2025-04-14', { input: 600, input_cached_tokens: 400, output: 1000 }],
  ['gpt-5.4-mini', { input: 600, input_cached_tokens: 400, output: 1000 }],
  ['gpt-5', { input: 600, input_cached_tokens: 400, output: 400, output_reasoning: 600 }],
  ['openai/o3', { input: 600, input_cached_tokens: 400, output: 400, output_reasoning: 600 }],
  [
    'gpt-5.6-sol',
    {
      input: 500,
      input_cached_tokens: 400,
      input_cache_creation: 100,
      output: 400,
      output_reasoning: 600,
    },
  ],
  ['o3-pro-2025-06-10', { input: 1000, output: 400, output_reasoning: 600 }],
  ['gpt-5.2-pro', { input: 1000, output: 400, output_reasoning: 600 }],
  ['gpt-4', { input: 1000, output: 1000 }],
  ['gpt-4o-2024-05-13', { input: 1000, output: 1000 }],
  [
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    { input: 500, input_cached_tokens: 400, input_cache_creation_5m: 100, output: 1000 },
  ],
  ['claude-3-haiku-20240307', { input: 1000, output: 1000 }],
  [
    'gemini-2.5-flash',
    {
      input: 550,
      input_cached_tokens: 400,
      input_audio_tokens: 50,
      output: 400,
      output_reasoning: 600,
    },
  ],
  ['gemini-2.5-pro', { input: 600, input_cached_tokens: 400, output: 400, output_reasoning: 600 }],
  ['gemini-2.0-flash', { input: 1000, output: 1000 }],
  [
    'gpt-4o-audio-preview',
    {
      input_text_tokens: 950,
      input_audio_tokens: 50,
      output_text_tokens: 980,
      output_audio_tokens: 20,
    },
  ],
  [
    'gemini-live-2.5-flash-native-audio',
    { input_text: 920, input_audio: 50, input_image: 30, output_text: 980, output_audio: 20 },
  ],
  ['deepseek-chat', { input: 1000, output: 1000 }],
])('of %s only the parts that have a price are split off', (model, details) => {
  expect(detailsOf(counts, model)).toEqual({ ...details, total: 2000 })
})

test.each([
  ['gpt-4o-mini', 600 * 1.5e-7 + 400 * 7.5e-8 + 1000 * 6e-7],
  ['gpt-5.4-mini', 600 * 7.5e-7 + 400 * 7.5e-8 + 1000 * 4.5e-6],
  ['gpt-5', 600 * 1.25e-6 + 400 * 1.25e-7 + 1000 * 1e-5],
  ['o3-pro', 1000 * 2e-5 + 1000 * 8e-5],
  ['claude-sonnet-4-5', 500 * 3e-6 + 400 * 3e-7 + 100 * 3.75e-6 + 1000 * 1.5e-5],
  ['gemini-2.5-flash', 550 * 3e-7 + 400 * 3e-8 + 50 * 1e-6 + 1000 * 2.5e-6],
  ['gpt-4o-audio-preview', 950 * 2.5e-6 + 50 * 1e-4 + 980 * 1e-5 + 20 * 2e-4],
])('every token of %s is charged', (model, cost) => {
  const details = detailsOf(counts, model) ?? {}
  expect(costOf(undefined, { source: 'provided', details }, model).total).toBeCloseTo(cost, 12)
})

test('parts without a price are named in the metadata, because the counts include them', () => {
  expect(includedTokens(recordOf({ input: 10, output: 50, cachedInput: 4, reasoning: 7 }))).toEqual({
    reasoning: 7,
  })
  expect(includedTokens(recordOf({ input: 10, output: 50, cachedInput: 4, reasoning: 7 }, 'gpt-5'))).toBe(
    undefined,
  )
})

test.each([
  ['azure/gpt-5', 'gpt-5'],
  ['openrouter/openai/gpt-5', 'openai/gpt-5'],
  ['bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
  ['vertex_ai/gemini-2.5-flash', 'gemini-2.5-flash'],
  ['models/gemini-2.5-flash', 'gemini-2.5-flash'],
  ['openai/text-embedding-3-small', 'text-embedding-3-small'],
  ['meta-llama/llama-4', 'meta-llama/llama-4'],
])('%s is priced, and its parts are split off, as those of %s', (routed, model) => {
  expect(pricedName(routed)).toBe(model)
  expect(detailsOf(counts, routed)).toEqual(detailsOf(counts, model))
})

test('writes to the cache for an hour are charged apart from those for five minutes', () => {
  const usage = { input: 4, output: 5, cacheWrite: 30, cacheWrite1h: 20, cacheOutsideInput: true }
  expect(detailsOf(usage, 'claude-sonnet-4-5')).toEqual({
    input: 4,
    input_cache_creation_5m: 10,
    input_cache_creation_1h: 20,
    output: 5,
    total: 39,
  })
})

test('parts of zero tokens are left out, and zero input and output are kept', () => {
  expect(detailsOf({ input: 0, output: 0, cachedInput: 0, reasoning: 0 }, 'gpt-5')).toEqual({
    input: 0,
    output: 0,
    total: 0,
  })
})

test('reasoning that the provider counts separately is not subtracted from the output', () => {
  const usage = { input: 10, output: 20, reasoning: 300, reasoningOutsideOutput: true, total: 330 }
  expect(detailsOf(usage, 'gpt-5')).toEqual({ input: 10, output: 20, output_reasoning: 300, total: 330 })
  expect(detailsOf(usage, 'grok-4')).toEqual({ input: 10, output: 320, total: 330 })
  expect(plainOf(usage)).toEqual({ input: 10, output: 320, total: 330 })
})

test('audio that is counted separately is part of the input where it has no price (Mistral)', () => {
  const usage = { input: 11, output: 15, audioInput: 375, audioOutsideInput: true, total: 401 }
  expect(detailsOf(usage, 'voxtral-small')).toEqual({ input: 386, output: 15, total: 401 })
  expect(plainOf(usage)).toEqual({ input: 386, output: 15, total: 401 })
})

test('a cache that is counted separately is not subtracted from the input (Anthropic)', () => {
  const usage = { input: 4, output: 5, cachedInput: 900, cacheWrite: 20, cacheOutsideInput: true }
  expect(detailsOf(usage, 'claude-sonnet-4-5')).toEqual({
    input: 4,
    input_cached_tokens: 900,
    input_cache_creation_5m: 20,
    output: 5,
    total: 929,
  })
})

test('reasoning that only the total includes is charged as reasoning (Gemini)', () => {
  const usage = { input: 66, output: 6, total: 100, reasoningInTotalOnly: true }
  expect(detailsOf(usage, 'gemini-2.5-flash')).toEqual({
    input: 66,
    output: 6,
    output_reasoning: 28,
    total: 100,
  })
  expect(plainOf(usage)).toEqual({ input: 66, output: 34, total: 100 })
})

test('a total that exceeds the sum for no known reason is kept, and not charged', () => {
  expect(detailsOf({ input: 66, output: 6, total: 100 })).toEqual({ input: 66, output: 6, total: 100 })
})

test('a total that is less than its parts is replaced by their sum (Perplexity)', () => {
  const usage = { input: 33, output: 100, total: 133, reasoning: 7_000, reasoningOutsideOutput: true }
  expect(detailsOf(usage, 'sonar')).toEqual({ input: 33, output: 7_100, total: 7_133 })
  expect(plainOf(usage)).toEqual({ input: 33, output: 7_100, total: 7_133 })
})

test('the total is summed up where the provider gave none', () => {
  expect(detailsOf({ input: 10, output: 5, reasoning: 2 })).toMatchObject({ total: 15 })
  expect(plainOf({ input: 10, output: 5, reasoning: 2 })).toEqual({ input: 10, output: 5, total: 15 })
})

test('the total of embeddings is their input where nothing else is reported (Voyage)', () => {
  const record = aRecord({ operation: 'embeddings', usage: { provenance: 'provider', total: 9 } })
  expect(usageDetails(record)).toEqual({ input: 9, total: 9 })
  expect(plainUsage(record)).toEqual({ input: 9, total: 9 })
  expect(detailsOf({ total: 9 })).toEqual({ total: 9 })
})

test('a call without usage counts zero tokens, so that none are invented', () => {
  const zero = { input: 0, output: 0, total: 0 }
  expect(detailsOf({ cost: 0.1 })).toEqual(zero)
  expect(plainOf({ cost: 0.1 })).toEqual(zero)
  expect(usageDetails(aRecord({ usage: { provenance: 'missing' } }))).toEqual(zero)
  const { model: _, ...response } = aRecord().response
  const { model: __, ...request } = aRecord().request
  expect(usageDetails(aRecord({ usage: { provenance: 'missing' }, request, response }))).toBeUndefined()
})

test('the parts are integers, never negative, and never more than the whole', () => {
  const count = fc.option(fc.oneof(fc.nat(1000), fc.double({ min: -5, max: 1000 })), { nil: undefined })
  const key = ['cachedInput', 'cacheWrite', 'audioInput', 'imageInput', 'reasoning', 'audioOutput'] as const
  const model = fc.constantFrom('gpt-5.6-sol', 'gemini-2.5-flash', 'gpt-4o-audio-preview', 'claude-opus-4-5')
  const parts = fc.record(Object.fromEntries(key.map((name) => [name, count])))
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(1000), parts, model, (input, output, subCounts, model) => {
      const { total: _, ...details } =
        detailsOf({ input, output, ...(subCounts as TokenCounts) }, model) ?? {}
      const values = Object.values(details)
      expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true)
      expect(values.reduce((sum, value) => sum + value, 0)).toBe(input + output)
    }),
  )
})

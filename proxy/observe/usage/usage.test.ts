import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import type { TokenCounts } from '../../../shared/record/usage.ts'
import { readUsage } from './usage.ts'

test('is missing where there is none, or none of its fields is a valid count', () => {
  expect(readUsage(undefined)).toEqual({ provenance: 'missing' })
  expect(readUsage({ seconds: 6, type: 'duration' })).toEqual({ provenance: 'missing' })
  expect(readUsage({ prompt_tokens: '12', completion_tokens: 1.5, total_tokens: -1 })).toEqual({
    provenance: 'missing',
  })
})

test('reads chat completions with their details', () => {
  const usage = readUsage({
    prompt_tokens: 100,
    completion_tokens: 40,
    total_tokens: 140,
    cost: 0.002,
    prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 8, audio_tokens: 3, image_tokens: 5 },
    completion_tokens_details: { reasoning_tokens: 16, audio_tokens: 2 },
  })
  expect(usage).toEqual({
    provenance: 'provider',
    input: 100,
    output: 40,
    total: 140,
    cachedInput: 64,
    cacheWrite: 8,
    reasoning: 16,
    audioInput: 3,
    audioOutput: 2,
    imageInput: 5,
    cost: 0.002,
  })
})

test('reads the Responses API', () => {
  const usage = readUsage({
    input_tokens: 9,
    input_tokens_details: { cached_tokens: 4 },
    output_tokens: 7,
    output_tokens_details: { reasoning_tokens: 2 },
    total_tokens: 16,
  })
  expect(usage).toMatchObject({ input: 9, output: 7, total: 16, cachedInput: 4, reasoning: 2 })
})

test('reads cache hits in the fields of DeepSeek, Mistral and others, despite nulls', () => {
  expect(readUsage({ prompt_tokens_details: null, prompt_cache_hit_tokens: 5 })).toMatchObject({
    cachedInput: 5,
  })
  expect(readUsage({ num_cached_tokens: 6 })).toMatchObject({ cachedInput: 6 })
})

test('detects by the total that the output excludes reasoning', () => {
  const details = { completion_tokens_details: { reasoning_tokens: 50 } }
  expect(readUsage({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 65, ...details })).toHaveProperty(
    'reasoningOutsideOutput',
    true,
  )
  expect(
    readUsage({ prompt_tokens: 10, completion_tokens: 55, total_tokens: 65, ...details }),
  ).not.toHaveProperty('reasoningOutsideOutput')
})

test('detects by the total that the input excludes audio (Mistral)', () => {
  const usage = { prompt_tokens: 11, completion_tokens: 15, prompt_tokens_details: { audio_tokens: 375 } }
  expect(readUsage({ ...usage, total_tokens: 401 })).toMatchObject({ audioOutsideInput: true, input: 11 })
  expect(readUsage({ ...usage, prompt_tokens: 386, total_tokens: 401 })).not.toHaveProperty(
    'audioOutsideInput',
  )
})

test("recognises Anthropic's own shape, in which the input excludes the cache", () => {
  const usage = {
    input_tokens: 4,
    output_tokens: 5,
    cache_read_input_tokens: 900,
    cache_creation_input_tokens: 0,
  }
  expect(readUsage(usage)).toMatchObject({ cacheOutsideInput: true, input: 4, cachedInput: 900 })
  expect(readUsage({ ...usage, input_tokens: 904, total_tokens: 909 })).not.toHaveProperty(
    'cacheOutsideInput',
  )
})

test('reads the tokens of generated pictures', () => {
  const usage = { input_tokens: 14, output_tokens: 272, output_tokens_details: { image_tokens: 272 } }
  expect(readUsage(usage)).toMatchObject({ output: 272, imageOutput: 272 })
})

test("recognises Anthropic's counts under OpenAI's names by the total, or by a cache larger than the input", () => {
  const usage = { prompt_tokens: 4, completion_tokens: 5, cache_creation_input_tokens: 900 }
  expect(readUsage({ ...usage, total_tokens: 909 })).toMatchObject({
    cacheOutsideInput: true,
    cacheWrite: 900,
  })
  expect(readUsage({ ...usage, total_tokens: 9 })).toMatchObject({ cacheOutsideInput: true })
  expect(readUsage({ ...usage, prompt_tokens: 904, total_tokens: 909 })).not.toHaveProperty(
    'cacheOutsideInput',
  )
})

test('counts a cache that is read and written again as part of the input', () => {
  const prompt_tokens_details = { cached_tokens: 800, cache_write_tokens: 900 }
  expect(
    readUsage({ prompt_tokens: 1_000, completion_tokens: 5, total_tokens: 1_005, prompt_tokens_details }),
  ).not.toHaveProperty('cacheOutsideInput')
})

const details = (output: number, reasoning: number, total: number) => ({
  prompt_tokens: 17,
  completion_tokens: output,
  total_tokens: total,
  completion_tokens_details: { reasoning_tokens: reasoning },
})

test.each<[string, string, JsonObject, boolean]>([
  ['Doubleword, which rounds', 'Qwen/Qwen3.5-9B', details(128, 130, 145), false],
  ['a gateway to Gemini', 'google/gemini-3-pro-preview', details(14, 112, 31), true],
  ['Perplexity', 'sonar-reasoning', { ...details(100, 0, 117), reasoning_tokens: 101 }, false],
  ['the research of Perplexity', 'sonar-deep-research', details(100, 7_000, 117), true],
  ['a total with room for it', 'm', details(5, 50, 80), true],
  ['a total without room for it', 'm', details(5, 50, 60), false],
  ['no total', 'm', { prompt_tokens: 1, completion_tokens: 5, reasoning_tokens: 50 }, false],
])('reasoning that exceeds the output: %s', (_, model, usage, isOutside) => {
  const { reasoningOutsideOutput = false } = readUsage(usage, model) as TokenCounts
  expect(reasoningOutsideOutput).toBe(isOutside)
})

test.each<[string, JsonObject, boolean]>([
  ["OpenAI's names (Azure's grok)", { prompt_tokens_details: { cached_tokens: 492 } }, false],
  ["DeepSeek's", { prompt_cache_hit_tokens: 492 }, false],
  ["Mistral's", { num_cached_tokens: 492 }, false],
  ["Anthropic's", { cache_read_input_tokens: 492 }, true],
])('a cache that exceeds the input, under %s', (_, cache, isOutside) => {
  const usage = { prompt_tokens: 325, completion_tokens: 17, total_tokens: 342, ...cache }
  const { cacheOutsideInput = false, cachedInput } = readUsage(usage, 'grok-4') as TokenCounts
  expect({ cacheOutsideInput, cachedInput }).toEqual({ cacheOutsideInput: isOutside, cachedInput: 492 })
})

test('finds several parts that the total has beyond the sum', () => {
  const usage = {
    prompt_tokens: 10,
    completion_tokens: 5,
    completion_tokens_details: { reasoning_tokens: 50 },
    cache_read_input_tokens: 30,
    total_tokens: 95,
  }
  expect(readUsage(usage)).toMatchObject({ reasoningOutsideOutput: true, cacheOutsideInput: true })
})

test('half a usage is none, so that the other half can be estimated', () => {
  expect(readUsage({ output_tokens: 15 })).toEqual({ provenance: 'missing' })
  expect(readUsage({ completion_tokens: 15, cost: 0.5 })).toEqual({ provenance: 'provider', cost: 0.5 })
  expect(readUsage({ prompt_tokens: 9 }, 'm', true)).toEqual({ provenance: 'missing' })
})

test('input alone is whole where nothing is generated, and a total always is', () => {
  expect(readUsage({ prompt_tokens: 9 })).toEqual({ provenance: 'provider', input: 9 })
  expect(readUsage({ total_tokens: 9 }, 'm', true)).toEqual({ provenance: 'provider', total: 9 })
  expect(readUsage({ prompt_tokens: 9, total_tokens: 11 }, 'm', true)).toMatchObject({ input: 9, total: 11 })
})

test('reads the tokens of Cohere', () => {
  const usage = { billed_units: { input_tokens: 9 }, tokens: { input_tokens: 10, output_tokens: 5 } }
  expect(readUsage(usage)).toMatchObject({ input: 10, output: 5 })
})

test.each(['models/gemini-2.5-flash', 'google/gemini-3-pro'])(
  'detects the thinking of %s by the total',
  (model) => {
    const usage = { prompt_tokens: 66, completion_tokens: 6, total_tokens: 100 }
    expect(readUsage(usage, model)).toEqual({
      provenance: 'provider',
      input: 66,
      output: 6,
      total: 100,
      reasoningInTotalOnly: true,
    })
    expect(readUsage({ ...usage, total_tokens: 72 }, model)).not.toHaveProperty('reasoningInTotalOnly')
  },
)

test('keeps an unexplained total that exceeds the sum', () => {
  expect(readUsage({ prompt_tokens: 66, completion_tokens: 6, total_tokens: 100 }, 'other')).toEqual({
    provenance: 'provider',
    input: 66,
    output: 6,
    total: 100,
  })
})

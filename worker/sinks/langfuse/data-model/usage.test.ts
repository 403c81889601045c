import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TokenCounts } from '../../../../shared/record/usage.ts'
import { aRecord } from '../../../testing/records.ts'
import { plainUsage, usageDetails } from './usage.ts'

const detailsOf = (counts: TokenCounts) =>
  usageDetails(aRecord({ usage: { provenance: 'provider', ...counts } }))
const plainOf = (counts: TokenCounts) => plainUsage(aRecord({ usage: { provenance: 'provider', ...counts } }))

test('cached, cache-written, audio and image tokens are subtracted from the input once', () => {
  expect(
    detailsOf({
      input: 100,
      cachedInput: 40,
      cacheWrite: 10,
      audioInput: 5,
      imageInput: 3,
      output: 20,
      total: 120,
    }),
  ).toEqual({
    input: 42,
    input_cached_tokens: 40,
    input_cache_creation: 10,
    input_audio_tokens: 5,
    input_image_tokens: 3,
    output: 20,
    total: 120,
  })
})

test('reasoning that the provider counts separately is not subtracted from the output', () => {
  const usage = { input: 10, output: 20, reasoning: 300, reasoningOutsideOutput: true, total: 330 }
  expect(detailsOf(usage)).toEqual({ input: 10, output: 20, output_reasoning: 300, total: 330 })
  expect(plainOf(usage)).toEqual({ input: 10, output: 320, total: 330 })
})

test('audio that is counted separately is not subtracted from the input (Mistral)', () => {
  const usage = { input: 11, output: 15, audioInput: 375, audioOutsideInput: true, total: 401 }
  expect(detailsOf(usage)).toEqual({ input: 11, input_audio_tokens: 375, output: 15, total: 401 })
  expect(plainOf(usage)).toEqual({ input: 386, output: 15, total: 401 })
})

test('a cache that is counted separately is not subtracted from the input (Anthropic)', () => {
  const usage = { input: 4, output: 5, cachedInput: 900, cacheWrite: 20, cacheOutsideInput: true }
  expect(detailsOf(usage)).toEqual({
    input: 4,
    input_cached_tokens: 900,
    input_cache_creation: 20,
    output: 5,
    total: 929,
  })
})

test('what is written to a cache for 5 minutes and for an hour has a name each, and nothing is counted twice', () => {
  const usage = { input: 4, output: 5, cacheWrite: 330, cacheOutsideInput: true }
  const lifetimes = { cacheWrite5m: 100, cacheWrite1h: 200 }
  expect(detailsOf({ ...usage, ...lifetimes })).toEqual({
    input: 4,
    input_cache_creation_5m: 100,
    input_cache_creation_1h: 200,
    input_cache_creation: 30,
    output: 5,
    total: 339,
  })
  expect(detailsOf({ ...usage, ...lifetimes, cacheWrite: 300 })).not.toHaveProperty('input_cache_creation')
  const { cacheWrite: _, ...withoutWhole } = usage
  expect(detailsOf({ ...withoutWhole, ...lifetimes })).toMatchObject({ input: 4, total: 309 })
})

test("the thinking of Anthropic's Messages API stays in the output, because it has no price of its own", () => {
  const usage = { provenance: 'provider', input: 4, output: 90, reasoning: 60 } as const
  expect(usageDetails(aRecord({ operation: 'messages', usage }))).toEqual({ input: 4, output: 90, total: 94 })
})

test('audio and image tokens are subtracted from the output once', () => {
  expect(detailsOf({ input: 1, output: 30, audioOutput: 10, imageOutput: 15 })).toMatchObject({
    output: 5,
    output_audio_tokens: 10,
    output_image_tokens: 15,
  })
})

test('reasoning that only the total includes is charged as reasoning (Gemini)', () => {
  const usage = { input: 66, output: 6, total: 100, reasoningInTotalOnly: true }
  expect(detailsOf(usage)).toEqual({ input: 66, output: 6, output_reasoning: 28, total: 100 })
  expect(plainOf(usage)).toEqual({ input: 66, output: 34, total: 100 })
})

test('a total that exceeds the sum for no known reason is kept, and not charged', () => {
  expect(detailsOf({ input: 66, output: 6, total: 100 })).toEqual({ input: 66, output: 6, total: 100 })
})

test('a total that is less than its parts is replaced by their sum (Perplexity)', () => {
  const usage = { input: 33, output: 100, total: 133, reasoning: 7_000, reasoningOutsideOutput: true }
  expect(detailsOf(usage)).toEqual({ input: 33, output: 100, output_reasoning: 7_000, total: 7_133 })
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

test('a cost without token counts is not usage', () => {
  expect(detailsOf({ cost: 0.1 })).toBeUndefined()
  expect(plainOf({ cost: 0.1 })).toBeUndefined()
})

test('the parts are integers, never negative, and never more than the whole', () => {
  const count = fc.option(fc.oneof(fc.nat(1000), fc.double({ min: -5, max: 1000 })), { nil: undefined })
  const key = ['cachedInput', 'cacheWrite', 'audioInput', 'imageInput', 'reasoning', 'audioOutput'] as const
  const parts = fc.record(Object.fromEntries(key.map((name) => [name, count])))
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(1000), parts, (input, output, subCounts) => {
      const { total: _, ...details } = detailsOf({ input, output, ...(subCounts as TokenCounts) }) ?? {}
      const values = Object.values(details)
      expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true)
      expect(values.reduce((sum, value) => sum + value, 0)).toBe(input + output)
    }),
  )
})

import { expect, test } from 'vitest'
import { inclusiveUsage } from './inclusive-usage.ts'
import type { Operation } from './record.ts'
import type { TokenCounts } from './usage.ts'

test('a part that exceeds the whole that it is part of is clamped', () => {
  const usage = { input: 325, cachedInput: 492, cacheWrite: 400, output: 128, reasoning: 130, total: 453 }
  expect(inclusiveUsage(usage, 'chat')).toEqual({
    input: 325,
    output: 128,
    total: 453,
    reasoning: 128,
    cachedInput: 325,
    cacheWrite: 325,
  })
})

test('parts that are counted separately are added to the whole', () => {
  const usage: TokenCounts = {
    input: 4,
    cachedInput: 900,
    cacheWrite: 20,
    cacheOutsideInput: true,
    output: 5,
    reasoning: 50,
    reasoningOutsideOutput: true,
  }
  expect(inclusiveUsage(usage, 'chat')).toMatchObject({
    input: 924,
    cachedInput: 900,
    cacheWrite: 20,
    output: 55,
    reasoning: 50,
  })
})

test.each<[string, Operation, TokenCounts, (number | undefined)[]]>([
  ['the output is what remains of the total', 'chat', { input: 9, total: 11 }, [9, 2]],
  ['the input is what remains of the total', 'chat', { output: 2, total: 11 }, [9, 2]],
  ['nothing remains of the total', 'moderation', { input: 9, total: 9 }, [9, undefined]],
  ['a total alone is not divided', 'chat', { total: 9 }, [undefined, undefined]],
  ['embeddings have no output', 'embeddings', { input: 7, total: 9 }, [7, undefined]],
])('%s', (_, operation, usage, [input, output]) => {
  expect(inclusiveUsage(usage, operation)).toMatchObject({ input, output, total: usage.total })
})

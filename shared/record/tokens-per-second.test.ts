import { expect, test } from 'vitest'
import { numberedRecord } from '../testing/numbered-record.ts'
import type { InferenceRecord } from './record.ts'
import { tokensPerSecond } from './tokens-per-second.ts'

const aRecord = (changes: Partial<InferenceRecord>): InferenceRecord => ({ ...numberedRecord(1), ...changes })

const times = { startedAt: 0, firstTokenMs: 500, durationMs: 2_500 }
const usage = { provenance: 'provider', output: 101 } as const
const output = (reasoning?: string) =>
  ({
    kind: 'choices',
    choices: [{ index: 0, content: 'x', ...(reasoning !== undefined && { reasoning }) }],
  }) as const

test('speed is the tokens after the first one, over the time from the first to the last', () => {
  expect(tokensPerSecond(aRecord({ times, usage }))).toBe(50)
})

test('hidden reasoning is left out', () => {
  const withReasoning = { ...usage, reasoning: 60 }
  expect(tokensPerSecond(aRecord({ times, usage: withReasoning, output: output() }))).toBe(20)
  expect(tokensPerSecond(aRecord({ times, usage: withReasoning, output: output('hm') }))).toBe(50)
})

test('visible reasoning counts, also where the provider counts it separately from the output', () => {
  const separate = { ...usage, output: 41, reasoning: 60, reasoningOutsideOutput: true }
  expect(tokensPerSecond(aRecord({ times, usage: separate, output: output('hm') }))).toBe(50)
  expect(tokensPerSecond(aRecord({ times, usage: separate, output: output() }))).toBe(20)
  const inTotal = { ...usage, input: 10, output: 41, total: 111, reasoningInTotalOnly: true }
  expect(tokensPerSecond(aRecord({ times, usage: inTotal, output: output('hm') }))).toBe(50)
  expect(tokensPerSecond(aRecord({ times, usage: inTotal, output: output() }))).toBe(20)
})

test('there is no speed for output that arrived at once, or without a token count', () => {
  expect(tokensPerSecond(aRecord({ times: { ...times, durationMs: 510 }, usage }))).toBeUndefined()
  expect(tokensPerSecond(aRecord({ times: { startedAt: 0, durationMs: 9 }, usage }))).toBeUndefined()
  expect(tokensPerSecond(aRecord({ times, usage: { provenance: 'missing' } }))).toBeUndefined()
})

import { expect, test } from 'vitest'
import { aRecord } from '../testing/records.ts'
import { tokensPerSecond } from './tokens-per-second.ts'

const times = { startedAt: 0, firstTokenMs: 500, durationMs: 2_500 }
const usage = { provenance: 'provider', output: 101 } as const
const answer = (reasoning?: string) =>
  ({
    kind: 'choices',
    choices: [{ index: 0, content: 'x', ...(reasoning !== undefined && { reasoning }) }],
  }) as const

test('counts what came after the first token, from there to the end', () => {
  expect(tokensPerSecond(aRecord({ times, usage }))).toBe(50)
})

test('leaves reasoning out that nobody saw', () => {
  const thought = { ...usage, reasoning: 60 }
  expect(tokensPerSecond(aRecord({ times, usage: thought, output: answer() }))).toBe(20)
  expect(tokensPerSecond(aRecord({ times, usage: thought, output: answer('hm') }))).toBe(50)
})

test('counts reasoning that was seen, also where the provider counts it beside the output', () => {
  const beside = { ...usage, output: 41, reasoning: 60, reasoningOutsideOutput: true }
  expect(tokensPerSecond(aRecord({ times, usage: beside, output: answer('hm') }))).toBe(50)
  expect(tokensPerSecond(aRecord({ times, usage: beside, output: answer() }))).toBe(20)
  const inTotal = { ...usage, input: 10, output: 41, total: 111, reasoningInTotalOnly: true }
  expect(tokensPerSecond(aRecord({ times, usage: inTotal, output: answer('hm') }))).toBe(50)
  expect(tokensPerSecond(aRecord({ times, usage: inTotal, output: answer() }))).toBe(20)
})

test('says nothing of answers that came at once, or whose tokens were not counted', () => {
  expect(tokensPerSecond(aRecord({ times: { ...times, durationMs: 510 }, usage }))).toBeUndefined()
  expect(tokensPerSecond(aRecord({ times: { startedAt: 0, durationMs: 9 }, usage }))).toBeUndefined()
  expect(tokensPerSecond(aRecord({ times, usage: { provenance: 'missing' } }))).toBeUndefined()
})

import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { addDelta, addSnapshot } from '../capture/growing-text.ts'
import { growth, linear } from '../testing/growth.ts'
import { GrowingReasoning } from './growing-reasoning.ts'

const details = (text: string): JsonObject => ({
  reasoning_details: [{ type: 'reasoning.text', text, index: 0 }],
})
const reasoning = (text: string): JsonObject => ({ reasoning: text })
const thinking = (text: string): JsonObject => ({ thinking_blocks: [{ type: 'thinking', thinking: text }] })

function joined(deltas: readonly JsonObject[], left = 1_000): string {
  const text = new GrowingReasoning()
  const allowance = { left }
  for (const delta of deltas) text.add(delta, '', addDelta, allowance)
  return text.toString()
}

test.each<[string, JsonObject[], string]>([
  ['whole, after a single delta', [reasoning('The cat'), details('The cat')], 'The cat'],
  ['whole, after several', [reasoning('The'), reasoning(' cat'), details('The cat')], 'The cat'],
  ['delta by delta', [reasoning('The'), details('The'), reasoning(' cat'), details(' cat')], 'The cat'],
  [
    'in other pieces',
    [reasoning('The '), reasoning('cat'), details('T'), details('he ca'), details('t')],
    'The cat',
  ],
  [
    'ahead of the other',
    [reasoning('The'), details('The cat'), reasoning(' cat'), reasoning(' sat')],
    'The cat sat',
  ],
  ['twice', [reasoning('The cat'), details('The cat'), thinking('The cat')], 'The cat'],
  ['under the same name, whole', [reasoning('The'), reasoning(' cat'), reasoning('The cat')], 'The cat'],
  [
    'under the same name, at once',
    [details('The cat sat down.'), details('The cat sat down.')],
    'The cat sat down.',
  ],
])('reasoning that is repeated %s is kept once', (_, deltas, text) => {
  expect(joined(deltas)).toBe(text)
})

test.each<[string, JsonObject[], string]>([
  [
    'a name that goes on where another stopped',
    [reasoning('The'), details(' cat'), reasoning(' sat')],
    'The cat sat',
  ],
  ['a short delta that comes twice', [reasoning('ha'), reasoning('ha')], 'haha'],
  [
    'a delta that repeats the beginning',
    [reasoning('ha '), reasoning('and '), reasoning('ha ')],
    'ha and ha ',
  ],
  ['another text under another name', [reasoning('The cat'), details('A dog')], 'The catA dog'],
])('%s is no repetition', (_, deltas, text) => {
  expect(joined(deltas)).toBe(text)
})

test('reasoning in the content is repeated by a field, and by a snapshot of the message', () => {
  const text = new GrowingReasoning()
  const allowance = { left: 1_000 }
  text.add({}, 'The cat', addDelta, allowance)
  text.add(reasoning('The'), '', addDelta, allowance)
  text.add(reasoning(' cat'), '', addDelta, allowance)
  text.add(details('The cat sat'), '', addSnapshot, allowance)
  expect(text.toString()).toBe('The cat sat')
})

test('a repetition of what did not fit counts as little as any other', () => {
  expect(joined([reasoning('The cat sat'), details('The cat sat')], 3)).toBe('The … [8 more characters]')
})

test('many interleaved repetitions take linear time', () => {
  const pairs = (size: number) =>
    Array.from({ length: size }, (_, at) => [reasoning(`${at} `), details(`${at} `)]).flat()
  expect(growth((size) => joined(pairs(size), 10_000_000), 5_000)).toBeLessThan(linear)
})

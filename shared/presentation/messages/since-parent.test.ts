import { expect, test } from 'vitest'
import type { Json } from '../../json.ts'
import type { Output } from '../../record/output.ts'
import { plainMessages } from './plain-text.ts'
import { sinceParent } from './since-parent.ts'

const system = { role: 'system', content: 'Be kind.' }
const question = { role: 'user', content: 'What is the tide?' }
const asks = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'c1', type: 'function', function: { name: 'tide', arguments: '{}' } }],
}
const result = { role: 'tool', tool_call_id: 'c1', content: 'high' }
const asked: Output = {
  kind: 'choices',
  choices: [{ index: 0, reasoning: 'Hm.', toolCalls: [{ id: 'c1', name: 'tide', arguments: '{}' }] }],
}

const texts = (input: Json, parent?: { input: Json; output?: Output }) => {
  const { earlier, fresh } = sinceParent({ input }, parent)
  return [earlier, fresh.flatMap(plainMessages).map(({ text }) => text)]
}

test('a step shows the results that it brings, and not its parent’s question and answer', () => {
  const parent = { input: [system, question], output: asked }
  expect(texts([system, question, asks, result], parent)).toEqual([3, ['high']])
})

test('an agent that takes over shows its own instructions beside what is new', () => {
  const parent = { input: [system, question], output: asked }
  const other = { role: 'system', content: 'You write.' }
  expect(texts([other, question, asks, result], parent)).toEqual([2, ['You write.', 'high']])
})

test('an answer that the client wrote anew is shown', () => {
  const parent = { input: [question], output: asked }
  const other = { role: 'assistant', content: 'I know.' }
  expect(texts([question, other, result], parent)).toEqual([1, ['I know.', 'high']])
})

test('of a history that was compacted everything is shown', () => {
  const parent = { input: [question, asks, result] }
  expect(texts([{ role: 'user', content: 'So far: a tide.' }], parent)).toEqual([0, ['So far: a tide.']])
})

test('the same request again has nothing new', () => {
  expect(texts([system, question], { input: [system, question], output: asked })).toEqual([2, []])
})

test('items that follow a response by its id are all new, and so is what has no parent', () => {
  const parent = { input: { input: 'What is the tide?' } as Json }
  const items = { input: [{ type: 'function_call_output', call_id: 'c1', output: 'high' }] }
  expect(texts(items, parent)).toEqual([0, ['high']])
  expect(texts([system, question])).toEqual([0, ['Be kind.', 'What is the tide?']])
})

test('items of the model that come back are its answer', () => {
  const call = { type: 'function_call', call_id: 'c1', name: 'tide', arguments: '{}' }
  const parent = { input: { input: [question] } as Json, output: { kind: 'items', items: [call] } as Output }
  const items = { input: [question, call, { type: 'function_call_output', call_id: 'c1', output: 'high' }] }
  expect(texts(items, parent)).toEqual([2, ['high']])
})

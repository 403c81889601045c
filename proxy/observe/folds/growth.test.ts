import { expect, test } from 'vitest'
import type { Json } from '../../../shared/json.ts'
import type { Operation } from '../../../shared/record/record.ts'
import { growth, linear } from '../testing/growth.ts'
import { foldFor } from './fold-for.ts'

const inDelta = (delta: Json): Json => ({ choices: [{ index: 0, delta }] })
const call = (index: number, id: string | null, text: string): Json =>
  inDelta({ tool_calls: [{ index, id, function: { name: 'f', arguments: text } }] })

/** @returns the nth event of a stream */
type EventAt = (n: number) => Json

test.each<[string, Operation, EventAt]>([
  ['text', 'chat', () => inDelta({ content: 'Hello, you' })],
  ['one tool call with its name repeated', 'chat', (n) => call(0, null, n === 0 ? '{"x":"' : 'Hello, you')],
  [
    'fragments of a tool name',
    'chat',
    (n) => inDelta({ tool_calls: [{ index: 0, function: { name: `f${n}` } }] }),
  ],
  ['tool calls without indexes', 'chat', (n) => inDelta({ tool_calls: [{ id: `${n}`, function: {} }] })],
  ['annotations', 'chat', (n) => inDelta({ annotations: [{ n }] })],
  ['executed tools', 'chat', (n) => inDelta({ executed_tools: [{ index: n, n }] })],
  ['choices', 'chat', (n) => ({ choices: [{ index: n, delta: { content: 'a' } }] })],
  [
    'parts of one item',
    'responses',
    (n) => ({ type: 'response.output_text.delta', output_index: 0, content_index: n, delta: 'a' }),
  ],
  [
    'items',
    'responses',
    (n) => ({ type: 'response.function_call_arguments.delta', output_index: n, delta: 'a' }),
  ],
  ['events of new types', 'responses', (n) => ({ type: `response.new.${n}` })],
  [
    'text of a message',
    'messages',
    () => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello, you' } }),
  ],
  [
    'blocks',
    'messages',
    (n) => ({ type: 'content_block_start', index: n, content_block: { type: 'tool_use', name: 'f' } }),
  ],
  [
    'citations',
    'messages',
    (n) => ({ type: 'content_block_delta', index: 0, delta: { type: 'citations_delta', citation: { n } } }),
  ],
  ['events of new types', 'messages', (n) => ({ type: `message_${n}` })],
  ['documents', 'relay', (n) => ({ n })],
  ['segments', 'audio', () => ({ type: 'transcript.text.segment', text: 'Hello' })],
])('folds a long stream of %s (%s) in linear time', (_, operation, eventAt) => {
  const run = (events: number) => {
    const fold = foldFor(operation, { left: 1_048_576 })
    for (let n = 0; n < events; n += 1) fold.add(eventAt(n))
    return fold.result()
  }
  expect(growth(run, 10_000)).toBeLessThan(linear)
})

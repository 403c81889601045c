import { expect, test } from 'vitest'
import type { Json } from '../../../shared/json.ts'
import type { Operation } from '../../../shared/record/record.ts'
import { foldFor } from './fold-for.ts'

const deep = JSON.parse(`${'['.repeat(50_000)}"x"${']'.repeat(50_000)}`) as Json

const inDelta = (delta: Json): Json => ({ choices: [{ index: 0, delta }] })

test.each<[string, Operation, Json]>([
  ['content', 'chat', inDelta({ content: deep })],
  ['a part', 'chat', inDelta({ content: [{ type: 'x', x: deep }] })],
  ['reasoning', 'chat', inDelta({ reasoning: deep })],
  ['a thinking part', 'chat', inDelta({ content: [{ type: 'thinking', thinking: deep }] })],
  ['arguments', 'chat', inDelta({ tool_calls: [{ function: { name: 'f', arguments: deep } }] })],
  ['pictures', 'chat', inDelta({ images: deep })],
  ['annotations', 'chat', inDelta({ annotations: deep })],
  ['executed tools', 'chat', inDelta({ executed_tools: [{ index: 0, x: deep }] })],
  ['log probabilities', 'chat', { choices: [{ delta: {}, logprobs: { content: deep } }] }],
  ['citations', 'chat', { choices: [{ delta: {} }], citations: deep, search_results: [{ x: deep }] }],
  ['an error', 'chat', { error: { message: deep } }],
  ['usage', 'chat', { usage: { prompt_tokens: deep, cost: deep } }],
  [
    'an item',
    'responses',
    { type: 'response.output_item.done', output_index: 0, item: { type: 'x', x: deep } },
  ],
  ['a whole response', 'responses', { type: 'response.completed', response: { output: deep } }],
  ['an event type', 'messages', { type: deep }],
  ['a delta type', 'messages', { type: 'content_block_delta', index: 0, delta: { type: deep } }],
  ['a block type', 'messages', { type: 'content_block_start', index: 0, content_block: { type: deep } }],
  ['a block', 'messages', { type: 'content_block_start', index: 0, content_block: { type: 'x', x: deep } }],
  [
    'a citation',
    'messages',
    { type: 'content_block_delta', delta: { type: 'citations_delta', citation: { x: deep } } },
  ],
  ['a message', 'messages', { type: 'message', content: deep, stop_reason: deep, stop_details: { x: deep } }],
  [
    'usage',
    'messages',
    { type: 'message_delta', usage: { output_tokens: deep, server_tool_use: { x: deep } } },
  ],
  ['a document', 'relay', deep],
  ['categories', 'moderation', { results: [{ categories: deep, category_scores: { hate: deep } }] }],
  ['a ranking', 'rerank', { results: [{ index: 0, relevance_score: 1, document: deep }] }],
  ['vectors', 'embeddings', { data: [{ embedding: deep }] }],
  ['pictures', 'image', { data: [{ url: deep, revised_prompt: deep }] }],
  ['segments', 'audio', { text: 'x', segments: [{ text: 'x', speaker: deep }] }],
])('does not throw on %s (%s) of any depth', (_, operation, event) => {
  const fold = foldFor(operation, { left: 1_000_000 })
  expect(() => fold.add(event)).not.toThrow()
  expect(() => fold.result()).not.toThrow()
})

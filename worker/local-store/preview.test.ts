import { expect, test } from 'vitest'
import type { Output } from '../../shared/record/output.ts'
import { previewInput, previewOutput } from './preview.ts'

const choice = (fields: object): Output => ({ kind: 'choices', choices: [{ index: 0, ...fields }] })

test.each([
  ['a prompt', 'Hello', 'Hello'],
  [
    'the last user message',
    [
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'x' },
      { role: 'user', content: 'two' },
    ],
    'two',
  ],
  ['messages beside tools', { messages: [{ role: 'user', content: 'hi' }], tools: [{}] }, 'hi'],
  ['the last message without a user message', [{ role: 'system', content: 'be kind' }], 'be kind'],
  [
    'text parts, and the types of others',
    [{ role: 'user', content: [{ type: 'text', text: 'look:' }, { type: 'image_url' }] }],
    'look: [image_url]',
  ],
  ['several texts', ['a', 'b'], 'a b'],
  ['tokens', [1, 2, 3], '3 tokens'],
  ['a rerank query', { query: 'tide', documents: 4 }, 'tide'],
  ['anything else, as JSON', { bytes: 12 }, '{"bytes":12}'],
])('the preview of an input is %s', (_, input, preview) => {
  expect(previewInput(input)).toBe(preview)
})

test.each<[string, Output, string]>([
  ['the text', choice({ content: 'High at noon.' }), 'High at noon.'],
  [
    'tool calls',
    choice({ content: null, toolCalls: [{ name: 'tide', arguments: '{"at":"Dover"}' }] }),
    'tide({"at":"Dover"})',
  ],
  ['a refusal', choice({ refusal: 'No.' }), 'No.'],
  ['nothing', { kind: 'choices', choices: [] }, ''],
  [
    'output items',
    {
      kind: 'items',
      items: [
        { type: 'reasoning', content: [] },
        { type: 'message', content: [{ type: 'output_text', text: 'yes' }] },
      ],
    },
    'yes',
  ],
  [
    'a function call item',
    { kind: 'items', items: [{ type: 'function_call', name: 'tide', arguments: '{}' }] },
    'tide({})',
  ],
  [
    'blocks of a message',
    {
      kind: 'message',
      content: [
        { type: 'thinking', thinking: 'hm' },
        { type: 'text', text: 'Let me see.' },
        { type: 'tool_use', name: 'tide', input: { at: 'Dover' } },
      ],
    },
    'Let me see. tide({"at":"Dover"})',
  ],
  ['vectors', { kind: 'vectors', count: 2, dimensions: 1536 }, '2 vectors of 1536'],
  [
    'a moderation',
    {
      kind: 'moderation',
      flagged: true,
      count: 1,
      judgements: [
        { index: 0, flagged: true, categories: ['hate', 'violence'], highestScores: { hate: 0.9 } },
      ],
    },
    'flagged: hate, violence',
  ],
  ['a ranking', { kind: 'ranking', count: 9, best: [{ index: 4, score: 0.9 }] }, '9 ranked: #4 0.9'],
  ['media', { kind: 'media', mediaType: 'audio/mpeg', bytes: 24 }, 'audio/mpeg, 24 bytes'],
  ['JSON', { kind: 'json', value: { ok: true } }, '{"ok":true}'],
])('the preview of an output is %s', (_, output, preview) => {
  expect(previewOutput(output)).toBe(preview)
})

test('a preview is one line without control characters, truncated at whole characters', () => {
  expect(previewInput(' a\n\tb\u001b[31mc ')).toBe('a b [31mc')
  const preview = previewInput('🐟'.repeat(200)) ?? ''
  expect([...preview]).toHaveLength(161)
  expect(preview).not.toMatch(/\p{Surrogate}/u)
})

test('content that was not captured has no preview', () => {
  expect(previewInput(undefined)).toBeUndefined()
  expect(previewOutput(undefined)).toBeUndefined()
})

import { expect, test } from 'vitest'
import type { Json } from '../../shared/json.ts'
import type { Operation } from '../../shared/record/record.ts'
import { inputOf, readRequest } from './request.ts'

const messages = [{ role: 'user', content: 'Hello' }]
const tools = [{ type: 'function', function: { name: 'f' } }]

test.each<[string, Operation, Json | undefined, Json | undefined]>([
  ['messages of a chat', 'chat', { messages, temperature: 1, tools: [] }, messages],
  ['messages with tools', 'chat', { messages, tools }, { messages, tools }],
  [
    'messages with the deprecated functions',
    'chat',
    { messages, functions: tools },
    { messages, functions: tools },
  ],
  ['a prompt', 'text_completion', { prompt: 'Once' }, 'Once'],
  [
    'a prompt with its suffix',
    'text_completion',
    { prompt: 'Once', suffix: 'end' },
    { prompt: 'Once', suffix: 'end' },
  ],
  ['input of a response', 'responses', { input: 'Hi', instructions: null }, 'Hi'],
  [
    'input with instructions',
    'responses',
    { input: 'Hi', instructions: 'Be kind' },
    { input: 'Hi', instructions: 'Be kind' },
  ],
  ['instructions alone', 'responses', { instructions: 'Be kind' }, { instructions: 'Be kind' }],
  ['messages of the Messages API', 'messages', { messages, max_tokens: 9 }, messages],
  [
    'messages with system and tools',
    'messages',
    { messages, system: 'Be kind', tools, metadata: { user_id: 'u' } },
    { messages, system: 'Be kind', tools },
  ],
  ['input of embeddings', 'embeddings', { model: 'e', input: ['a', 'b'] }, ['a', 'b']],
  [
    'query and documents',
    'rerank',
    { model: 'r', query: 'q', documents: ['a'], top_n: 1 },
    { query: 'q', documents: ['a'] },
  ],
  ['any other JSON whole', 'image', { prompt: 'A cat', size: '1x1' }, { prompt: 'A cat', size: '1x1' }],
  ['nothing where the body was not read', 'chat', undefined, undefined],
  ['a body of another shape whole', 'chat', { query: 'x' }, { query: 'x' }],
])('records %s as the input', (_, operation, body, input) => {
  expect(inputOf(operation, body)).toEqual(input)
})

test('reads model, stream and model parameters, and nothing else', () => {
  const body = {
    model: 'gpt-4o',
    stream: true,
    messages,
    temperature: 0.5,
    max_tokens: 10,
    user: 'u-1',
    metadata: { secret: 'x' },
    response_format: { type: 'json_object' },
    tool_choice: { type: 'auto' },
  }
  expect(readRequest(body)).toEqual({
    model: 'gpt-4o',
    stream: true,
    parameters: {
      temperature: 0.5,
      max_tokens: 10,
      response_format: 'json_object',
      tool_choice: 'auto',
    },
  })
})

test('reads the parameters of the Responses API one level deeper', () => {
  const body = { reasoning: { effort: 'low' }, text: { format: { type: 'text' }, verbosity: 'high' } }
  expect(readRequest(body).parameters).toEqual({
    response_format: 'text',
    verbosity: 'high',
    reasoning_effort: 'low',
  })
})

test("reads the parameters of Anthropic's Messages API", () => {
  const body = {
    model: 'claude-sonnet-5',
    max_tokens: 64,
    top_k: 5,
    stop_sequences: ['END', '', 'x'.repeat(600)],
    thinking: { type: 'enabled', budget_tokens: 1024 },
    output_config: { effort: 'low', format: { type: 'json_schema', schema: {} } },
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
    service_tier: 'standard_only',
    speed: 'fast',
    metadata: { user_id: 'u' },
  }
  expect(readRequest(body).parameters).toEqual({
    max_tokens: 64,
    top_k: 5,
    stop_sequences: ['END', 'x'.repeat(512)],
    thinking: { type: 'enabled', budget_tokens: 1024 },
    effort: 'low',
    response_format: 'json_schema',
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
    service_tier: 'standard_only',
    speed: 'fast',
  })
})

test('reads nothing from a body that is not a JSON object', () => {
  expect(readRequest(undefined)).toEqual({ stream: false, parameters: {} })
})

test('attribution fields are not repeated in the input', () => {
  const body = { input: 'hi', user: 'u', safety_identifier: 'i', session_id: 's', metadata: { a: 'b' } }
  expect(inputOf('moderation', body)).toEqual({ input: 'hi' })
})

test('keeps names and parameters well-formed and of bounded length', () => {
  const long = '😀'.repeat(100_000)
  const { model, parameters } = readRequest({ model: long, voice: long, stop: '\ud83d', temperature: 1 })
  expect(model).toBe('😀'.repeat(128))
  expect(parameters).toEqual({ voice: '😀'.repeat(128), stop: '\uFFFD', temperature: 1 })
})

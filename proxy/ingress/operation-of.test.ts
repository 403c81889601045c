import { expect, test } from 'vitest'
import { operationOf } from './operation-of.ts'

test.each([
  ['/v1/chat/completions', 'chat'],
  ['/v1/deployments/gpt/chat/completions/', 'chat'],
  ['/v1/deployments/files/chat/completions', 'chat'],
  ['/v1/accounts/a/gateways/b/openai/completions', 'text_completion'],
  ['/v1/responses', 'responses'],
  ['/v1/responses/compact', 'responses'],
  ['/v1/messages', 'messages'],
  ['/v1/rerank', 'rerank'],
  ['/v1/moderations', 'moderation'],
  ['/v1/images/edits', 'image'],
  ['/v1/images/variations', 'image'],
  ['/v1/videos', 'video'],
  ['/v1/videos/video_1/remix', 'video'],
])('%s is the operation %s', (route, operation) => {
  expect(operationOf(route)).toBe(operation)
})

test.each([
  ['counting tokens', '/v1/responses/input_tokens'],
  ["counting tokens with Anthropic's API", '/v1/messages/count_tokens'],
  ['a batch of messages', '/v1/messages/batches'],
  ['cancelling a response', '/v1/responses/resp_1/cancel'],
  ['a stored completion', '/v1/chat/completions/chatcmpl_1'],
  ['a message of an assistant’s thread', '/v1/threads/thread_1/messages'],
  ['items of a conversation', '/v1/conversations/conv_1/items'],
  ['a conversation that is called like an operation', '/v1/conversations/responses'],
  ['a file that is called like an operation', '/v1/files/embeddings'],
  ['a character of videos', '/v1/videos/characters'],
  ['a path that only ends in the same letters', '/v1/my-embeddings'],
  ['a path that only ends in the same letters', '/v1/old_messages'],
])('%s is no paid operation', (_, route) => {
  expect(operationOf(route)).toBe('relay')
})

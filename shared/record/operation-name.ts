import type { Operation } from './record.ts'

/**
 * `gen_ai.operation.name` of the operations that OpenTelemetry's GenAI conventions name. The Responses API and
 * Anthropic's Messages API are chats.
 */
export const operationNames: Readonly<Partial<Record<Operation, string>>> = {
  chat: 'chat',
  responses: 'chat',
  messages: 'chat',
  text_completion: 'text_completion',
  embeddings: 'embeddings',
}

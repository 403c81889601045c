import type { Meaning } from './headers.ts'

/**
 * Keys of the W3C `baggage` header, the highest precedence first; `.`, `-` and `_` are equivalent in them.
 * Langfuse's SDKs propagate their attributes under the keys that start with `langfuse`.
 */
export const baggageNames: Readonly<Record<string, Meaning>> = {
  'langfuse.session.id': 'sessionId',
  'session.id': 'sessionId',
  'langfuse.user.id': 'userId',
  'user.id': 'userId',
  'gen_ai.conversation.id': 'threadId',
  'langfuse.trace.name': 'traceName',
  'langfuse.environment': 'environment',
  'langfuse.trace.tags': 'tags',
  'langfuse.tags': 'tags',
  'langfuse.trace.metadata.*': 'metadata.*',
  'langfuse.metadata.*': 'metadata.*',
}

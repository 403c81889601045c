import type { Meaning } from './headers.ts'

/**
 * Keys of the W3C `baggage` header, in the order in which they are believed; `.`, `-` and `_` are alike in
 * them. The last ones are how Langfuse's SDKs propagate their attributes.
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

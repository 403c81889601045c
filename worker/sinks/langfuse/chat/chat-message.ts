import type { JsonObject } from '../../../../shared/json.ts'

/**
 * A message in the only shape that Langfuse both renders as chat and counts the tool calls of: OpenAI's, without null
 * keys but the content of what was spoken, with an id on every call, and with reasoning as `thinking`.
 */
export type ChatMessage = JsonObject & { readonly role: string }

import type { Json } from '../../../../shared/json.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { chatInput, promptInput, responsesInput } from '../chat/chat-input.ts'

type InputMapping = (input: Json) => Json

/** Operations with messages, by name; the others have no chat view, and plain JSON serves them best. */
const mappings: Readonly<Record<string, InputMapping>> = {
  chat: chatInput,
  messages: chatInput,
  responses: responsesInput,
  text_completion: promptInput,
  embeddings: embeddingsInput,
}

/** @returns the input in the shape that Langfuse's pages render best; the record keeps the provider's own */
export function inputOf({ operation, input }: InferenceRecord): Json | undefined {
  if (input === undefined) return undefined
  return mappings[operation]?.(input) ?? input
}

/** A bare list of texts is a table of "undefined" on the session page of version 3 (measured). */
function embeddingsInput(input: Json): Json {
  return Array.isArray(input) ? { input } : input
}

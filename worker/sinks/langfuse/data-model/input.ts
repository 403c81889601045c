import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import type { InferenceRecord, Operation } from '../../../../shared/record/record.ts'
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
export function inputOf(record: InferenceRecord): Json | undefined {
  const { operation, input } = record
  if (input === undefined) return undefined
  const mapped = mappings[operation]?.(input) ?? input
  return isChat(operation) && isJsonObject(mapped) ? { ...mapped, ...answerSettings(record) } : mapped
}

/** Settings that say what the answer has to be. Langfuse shows them beside the tools, and not among the parameters. */
const inputSettings = ['response_format', 'tool_choice'] as const

function answerSettings({ request }: InferenceRecord): JsonObject {
  const found = inputSettings.filter((name) => request.parameters[name] !== undefined)
  return Object.fromEntries(found.map((name) => [name, request.parameters[name]]))
}

/** @returns the parameters that are not in the input */
export function parametersBesideInput({ operation, input, request }: InferenceRecord): JsonObject {
  if (input === undefined || !isChat(operation)) return request.parameters
  const { response_format: _, tool_choice: __, ...others } = request.parameters
  return others
}

const isChat = (operation: Operation): boolean =>
  operation === 'chat' || operation === 'responses' || operation === 'messages'

/** A bare list of texts is a table of "undefined" on the session page of version 3 (measured). */
function embeddingsInput(input: Json): Json {
  return Array.isArray(input) ? { input } : input
}

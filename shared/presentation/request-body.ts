import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { InferenceRecord, Operation } from '../record/record.ts'

/** The field that an input was in, where it was recorded without its neighbours (proxy/observe/request.ts). */
const mainFields: Readonly<Partial<Record<Operation, string>>> = {
  chat: 'messages',
  messages: 'messages',
  text_completion: 'prompt',
  responses: 'input',
  embeddings: 'input',
  rerank: 'query',
}

/**
 * The body of a request, put together again of what was recorded of it: model, settings and input. Media are notes in it, and
 * fields that are not recorded are missing.
 * @returns undefined where the content was not recorded
 */
export function requestBodyOf(record: InferenceRecord): JsonObject | undefined {
  const { input, operation, request, content } = record
  if (input === undefined || content !== undefined) return undefined
  return {
    ...(request.model !== undefined && { model: request.model }),
    ...inputFields(input, operation),
    ...request.parameters,
    ...(request.stream && { stream: true }),
  }
}

function inputFields(input: Json, operation: Operation): JsonObject {
  const field = mainFields[operation]
  // A list of one message is an input as it is; an object of them has names already.
  if (isJsonObject(input)) return input
  return { [field ?? 'input']: input }
}

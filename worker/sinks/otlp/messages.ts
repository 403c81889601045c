import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { Choice, Output } from '../../../shared/record/output.ts'

// Messages as the OpenTelemetry GenAI conventions write them: a role and a list of typed parts
// (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/, gen_ai.input.messages).

/** @returns the input as messages; a plain prompt is the user's */
export function inputMessages(input: Json | undefined): readonly JsonObject[] | undefined {
  if (input === undefined) return undefined
  const given = isJsonObject(input) && Array.isArray(input.messages) ? input.messages : input
  return [given].flat().map((message: Json) => messageOf(message, 'user'))
}

/** @returns the answer as messages; undefined where it is none */
export function outputMessages(output: Output | undefined): readonly JsonObject[] | undefined {
  switch (output?.kind) {
    case 'choices':
      return output.choices.map(choiceMessage)
    case 'items':
      return output.items.map((item) => messageOf(item, 'assistant'))
    case 'text':
      return [{ role: 'assistant', parts: textParts(output.text) }]
    default:
      return undefined
  }
}

/** @param speaker whose message it is where it does not say so itself */
function messageOf(message: Json, speaker: 'user' | 'assistant'): JsonObject {
  if (!isJsonObject(message)) return { role: speaker, parts: textParts(message) }
  const { content, tool_calls: calls, tool_call_id: answered } = message
  const parts =
    answered === undefined
      ? [...textParts(content), ...(Array.isArray(calls) ? calls.map(callPart) : [])]
      : [{ type: 'tool_call_response', id: answered, response: content ?? null }]
  // An item that is not a message (a function call of the Responses API, say) goes as it is.
  return { role: message.role ?? speaker, parts: parts.length > 0 ? parts : [message] }
}

function choiceMessage(choice: Choice): JsonObject {
  const { content, reasoning, refusal, toolCalls, audioTranscript } = choice
  const calls = (toolCalls ?? []).map(({ id, name, arguments: text }) =>
    callPart({ id, function: { name, arguments: text } }),
  )
  const parts = [
    ...(reasoning === undefined ? [] : [{ type: 'reasoning', content: reasoning }]),
    ...textParts(content),
    ...textParts(refusal),
    ...textParts(audioTranscript),
    ...calls,
  ]
  return { role: choice.role ?? 'assistant', parts, finish_reason: choice.finishReason ?? 'unknown' }
}

function textParts(content: Json | undefined): readonly JsonObject[] {
  if (content === undefined || content === null || content === '') return []
  if (Array.isArray(content)) return content.flatMap((part: Json) => partOf(part))
  return [{ type: 'text', content: typeof content === 'string' ? content : JSON.stringify(content) }]
}

function partOf(part: Json): readonly JsonObject[] {
  if (!isJsonObject(part)) return textParts(part)
  return typeof part.text === 'string' ? [{ type: 'text', content: part.text }] : [part]
}

function callPart(call: Json): JsonObject {
  const named = isJsonObject(call) && isJsonObject(call.function) ? call.function : {}
  const id = isJsonObject(call) ? call.id : undefined
  return { type: 'tool_call', id: id ?? null, name: named.name, arguments: named.arguments }
}

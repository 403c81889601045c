import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { Choice, Output } from '../../../shared/record/output.ts'

// Messages of the OpenTelemetry GenAI conventions: a role and a list of typed parts
// (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/, gen_ai.input.messages).

/** @returns the input as messages; a plain prompt becomes a user message */
export function inputMessages(input: Json | undefined): readonly JsonObject[] | undefined {
  if (input === undefined) return undefined
  const messages = isJsonObject(input) && Array.isArray(input.messages) ? input.messages : input
  return [messages].flat().map((message: Json) => messageOf(message, 'user'))
}

/** @returns the output as messages; undefined for output that is not text (vectors, media, ...) */
export function outputMessages(output: Output | undefined): readonly JsonObject[] | undefined {
  switch (output?.kind) {
    case 'choices':
      return output.choices.map(choiceMessage)
    case 'items':
      return output.items.map((item) => messageOf(item, 'assistant'))
    case 'message': {
      const finish_reason = output.finishReason ?? 'unknown'
      return [{ role: output.role ?? 'assistant', parts: textParts(output.content), finish_reason }]
    }
    case 'text':
      return [{ role: 'assistant', parts: textParts(output.text) }]
    default:
      return undefined
  }
}

function messageOf(message: Json, defaultRole: 'user' | 'assistant'): JsonObject {
  if (!isJsonObject(message)) return { role: defaultRole, parts: textParts(message) }
  const { content, tool_calls: calls, tool_call_id: callId } = message
  const parts =
    callId === undefined
      ? [...textParts(content), ...(Array.isArray(calls) ? calls.map(callPart) : [])]
      : [{ type: 'tool_call_response', id: callId, response: content ?? null }]
  // An item that is not a message (such as a function call of the Responses API) becomes its own part.
  return { role: message.role ?? defaultRole, parts: parts.length > 0 ? parts : [message] }
}

function choiceMessage(choice: Choice): JsonObject {
  const { content, reasoning, refusal, toolCalls, audioTranscript } = choice
  const calls = (toolCalls ?? []).map(({ id, name, arguments: args }) =>
    callPart({ id, function: { name, arguments: args } }),
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

/** @returns the parts of a text, or of a list of parts in another shape */
export function textParts(content: Json | undefined): readonly JsonObject[] {
  if (content === undefined || content === null || content === '') return []
  if (Array.isArray(content)) return content.flatMap((part: Json) => partOf(part))
  return [{ type: 'text', content: typeof content === 'string' ? content : JSON.stringify(content) }]
}

function partOf(part: Json): readonly JsonObject[] {
  if (!isJsonObject(part)) return textParts(part)
  const { type, id, name, input, content } = part
  // Blocks of Anthropic's Messages API; those of tools that the provider runs itself are named after theirs.
  if (type === 'thinking') return [{ type: 'reasoning', content: part.thinking }]
  if (type === 'tool_use' || type === 'server_tool_use')
    return [{ type: 'tool_call', id, name, arguments: input }]
  if (typeof part.tool_use_id === 'string') {
    return [{ type: 'tool_call_response', id: part.tool_use_id, response: content ?? null }]
  }
  return typeof part.text === 'string' ? [{ type: 'text', content: part.text }] : [part]
}

function callPart(call: Json): JsonObject {
  const target = isJsonObject(call) && isJsonObject(call.function) ? call.function : {}
  const id = isJsonObject(call) ? call.id : undefined
  return { type: 'tool_call', id: id ?? null, name: target.name, arguments: target.arguments }
}

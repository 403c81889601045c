import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { omitUndefined } from '../../omit-undefined.ts'
import type { Part } from './message.ts'

/** @returns what a content consists of: a text, or parts of any of the APIs */
export function partsOf(content: Json | undefined): readonly Part[] {
  if (content === undefined || content === null || content === '') return []
  if (typeof content === 'string') return [{ kind: 'text', text: content }]
  if (Array.isArray(content)) return content.flatMap(partsOf)
  return isJsonObject(content) ? objectParts(content) : [{ kind: 'text', text: String(content) }]
}

function objectParts(part: JsonObject): readonly Part[] {
  const type = stringIn(part, 'type') ?? 'object'
  if (/tool_result$|_output$/.test(type)) return [toolResult(part, type)]
  if (type === 'thinking') return textPart('reasoning', part.thinking)
  if (type === 'redacted_thinking') return [{ kind: 'reasoning', text: '[encrypted by the provider]' }]
  if (type === 'reasoning') return reasoningItem(part)
  if (type === 'refusal') return textPart('refusal', part.refusal)
  // A call that the provider ran itself has its result beside it (MCP).
  if (isToolCall(part))
    return [toolCall(part), ...(part.output === undefined ? [] : [toolResult(part, type)])]
  const text = part.text ?? part.refusal ?? part.transcript
  return typeof text === 'string' ? textPart('text', text) : [{ kind: 'other', type, value: part }]
}

function toolResult(part: JsonObject, type: string): Part {
  const content = part.content ?? part.output
  return omitUndefined({
    kind: 'tool_result' as const,
    id: stringIn(part, 'tool_use_id') ?? stringIn(part, 'call_id'),
    isError: part.is_error === true ? (true as const) : undefined,
    parts: content === undefined ? [{ kind: 'other' as const, type, value: part }] : partsOf(content),
  })
}

/** An item of the Responses API: a summary, the reasoning itself, or only what the provider encrypted. */
function reasoningItem(part: JsonObject): readonly Part[] {
  const text = [part.summary, part.content]
    .flatMap(partsOf)
    .flatMap((inner) => ('text' in inner ? [inner.text] : []))
    .join('\n')
  return [{ kind: 'reasoning', text: text === '' ? '[not shown by the provider]' : text }]
}

/** A call in the shape of any API: `{function: {name, arguments}}`, or its name beside its arguments or input. */
export function toolCall(call: JsonObject): Part {
  const inner = isJsonObject(call.function) ? call.function : call
  const given = inner.arguments ?? inner.input ?? ''
  return omitUndefined({
    kind: 'tool_call' as const,
    name: stringIn(inner, 'name') ?? stringIn(inner, 'type') ?? 'tool',
    id: stringIn(call, 'call_id') ?? stringIn(call, 'id'),
    arguments: typeof given === 'string' ? given : JSON.stringify(given),
  })
}

const isToolCall = (part: JsonObject): boolean =>
  isJsonObject(part.function) ||
  (typeof part.name === 'string' && (part.arguments !== undefined || part.input !== undefined))

export function textPart(kind: 'text' | 'reasoning' | 'refusal', text: Json | undefined): readonly Part[] {
  return typeof text === 'string' && text !== '' ? [{ kind, text }] : []
}

export function stringIn(object: JsonObject, key: string): string | undefined {
  const value = object[key]
  return typeof value === 'string' ? value : undefined
}

import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import { omitUndefined } from '../../../../shared/omit-undefined.ts'
import type { ChatMessage } from './chat-message.ts'
import { contentOf } from './content.ts'
import { jsonPart, textPart } from './content-part.ts'
import { isLeftOut, leftOutMessage } from './left-out.ts'
import { isMediaReference, referenceIn, referencePart } from './media-reference.ts'
import { isMisread, keptName, keptText, overwritesMessage } from './parsed-text.ts'
import { thinkingOf } from './thinking.ts'
import { type CallIds, callOf, type ToolCall } from './tool-call.ts'

/**
 * @param message in OpenAI's or in Anthropic's shape
 * @param role of a message that has none
 * @returns the message; before it, one for each tool result that was among its content blocks
 */
export function toMessages(message: Json, role: string, ids: CallIds): readonly ChatMessage[] {
  if (typeof message === 'string') {
    return [isLeftOut(message) ? leftOutMessage(message) : { role, content: shownContent(message, role) }]
  }
  if (!isJsonObject(message)) return [{ role, content: [jsonPart(message)] }]
  // Gemini's messages have parts.
  const content = contentOf(message.content ?? partsOf(message.parts), ids)
  const results = content.results.map(({ id, content: result }) =>
    omitUndefined({ role: 'tool', tool_call_id: nameOf(id), content: shownContent(result, 'tool') }),
  )
  const isOnlyResults = results.length > 0 && isEmpty(content.content) && content.calls.length === 0
  if (isOnlyResults) return results
  return [...results, messageOf(message, role, content, ids)]
}

function messageOf(
  message: JsonObject,
  defaultRole: string,
  content: ReturnType<typeof contentOf>,
  ids: CallIds,
): ChatMessage {
  const calls = [...content.calls, ...callsOf(message, ids)]
  const thinking = thinkingOf(message, content)
  const role = keptName(textOf(message.role) ?? defaultRole)
  const audio = spokenAudio(message)
  // With words beside it Langfuse draws a player and the transcript only where there is no content.
  const isSpoken = audio !== undefined && isEmpty(content.content)
  const parts = withPictures(message, content.content)
  return omitUndefined<Record<string, Json | undefined>>({
    role,
    name: nameOf(message.name),
    ...thinking,
    content: isSpoken ? null : shownContent(readableContent(message, parts), role),
    audio,
    tool_calls: calls.length === 0 ? undefined : calls,
    tool_call_id: nameOf(message.tool_call_id),
    ...otherFields(message),
  }) as ChatMessage
}

/** Sound that Langfuse has; without a reference in `data` its schema refuses the message. */
function spokenAudio({ audio }: JsonObject): JsonObject | undefined {
  if (!isJsonObject(audio) || typeof audio.data !== 'string' || !isMediaReference(audio.data))
    return undefined
  return omitUndefined({ data: audio.data, transcript: textOf(audio.transcript) })
}

/** Ollama and OpenRouter have pictures beside the content. */
function withPictures({ images }: JsonObject, content: Json): Json {
  const listed: readonly Json[] = Array.isArray(images) ? images : []
  const pictures = listed.flatMap((image) => referenceIn(image) ?? []).map(referencePart)
  if (pictures.length === 0) return content
  const parts = typeof content === 'string' ? (content === '' ? [] : [textPart(content)]) : [content].flat()
  return [...parts, ...pictures]
}

/** A refusal or a transcript stands in the place of content that is missing. */
function readableContent({ refusal, audio }: JsonObject, content: Json): Json {
  if (!isEmpty(content)) return content
  const transcript = isJsonObject(audio) ? audio.transcript : undefined
  const note = isJsonObject(audio) && String(audio.data).startsWith('[') ? audio.data : undefined
  return [refusal, transcript, note].find((text) => typeof text === 'string' && text !== '') ?? content
}

/**
 * A text that is JSON stays as it is where Langfuse shows its values, and becomes a block of code where it would break its
 * message: what is misread, the result of a tool with keys of a message, and any text among parts. No parts at all are no
 * text, because a message with an empty list is read as one of the AI SDK, whose calls are not shown.
 */
export function shownContent(content: Json, role: string): Json {
  if (Array.isArray(content)) return content.length === 0 ? '' : content.map(shownPart)
  if (typeof content !== 'string') return content
  const isBreaking = isMisread(content) || (role === 'tool' && overwritesMessage(content))
  return isBreaking ? keptText(content) : content
}

const shownPart = (part: Json): Json =>
  isJsonObject(part) && typeof part.text === 'string' ? { ...part, text: keptText(part.text) } : part

function callsOf(
  { tool_calls: calls, function_call: legacy }: JsonObject,
  ids: CallIds,
): readonly ToolCall[] {
  const listed = Array.isArray(calls) ? (calls as readonly Json[]) : []
  const called = isJsonObject(legacy) ? [...listed, legacy] : listed
  return called.flatMap((call) => callOf(call, ids) ?? [])
}

/** Handled above, or with a meaning in Langfuse's schema that another value would break. */
const ownFields = new Set([
  'role',
  'name',
  'content',
  'type',
  'parts',
  'audio',
  'tools',
  'tool_calls',
  'toolCalls',
  'function_call',
  'tool_call_id',
  'additional_kwargs',
  'thinking',
  'redacted_thinking',
  'reasoning',
  'reasoning_content',
  'reasoning_details',
  // Around messages in other shapes.
  'messages',
  'output',
  'choices',
  'candidates',
])

/** Langfuse shows them behind a button of the message; a null would hide the whole side (measured). */
function otherFields(message: JsonObject): JsonObject {
  const entries = Object.entries(message).filter(
    ([key, value]) => !ownFields.has(key) && value !== null && value !== undefined,
  )
  return Object.fromEntries(entries)
}

const isEmpty = (content: Json): boolean =>
  content === '' || content === null || (Array.isArray(content) && content.length === 0)

/** `{text}`, and parts of other kinds as they are. */
const partsOf = (parts: Json | undefined): Json | undefined =>
  Array.isArray(parts)
    ? parts.map((part: Json) => (isJsonObject(part) && typeof part.text === 'string' ? part.text : part))
    : undefined

const nameOf = (value: Json | undefined): string | undefined => {
  const name = textOf(value)
  return name === undefined ? undefined : keptName(name)
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import { omitUndefined } from '../../../../shared/omit-undefined.ts'
import type { ChatMessage } from './chat-message.ts'
import { contentOf, resultContent } from './content.ts'
import { jsonPart } from './content-part.ts'
import { isLeftOut, leftOutMessage } from './left-out.ts'
import { shownContent, toMessages } from './message.ts'
import { keptName } from './parsed-text.ts'
import { type RedactedThinking, type Thinking, thinkingBlock, thinkingFields } from './thinking.ts'
import { type CallIds, inputAsArguments, type ToolCall, toolCall } from './tool-call.ts'

/**
 * Rewrites the items of the Responses API to chat messages: in their own shape Langfuse either shows their calls or counts
 * them, never both (measured). What an assistant did in one go is one message; text or reasoning after calls begins the
 * next one, so that the order of the steps stays.
 * @param items of an input or an output
 * @param role of a message that has none
 */
export function itemMessages(items: readonly Json[], role: string, ids: CallIds): readonly ChatMessage[] {
  const messages: ChatMessage[] = []
  let turn = emptyTurn()

  function endTurn(): void {
    if (!isEmptyTurn(turn)) messages.push(turnMessage(turn))
    turn = emptyTurn()
  }

  for (const item of items) {
    const piece = pieceOf(item, role, ids)
    const isMessage = piece.messages !== undefined
    if (isMessage || beginsTurn(piece, turn)) endTurn()
    if (isMessage) messages.push(...piece.messages)
    else turn = joined(turn, piece)
    if (piece.results !== undefined) {
      endTurn()
      messages.push(...piece.results)
    }
  }
  endTurn()
  return messages
}

/** What an assistant said and did in one go. */
type Turn = {
  readonly content: readonly Json[]
  readonly calls: readonly ToolCall[]
  readonly thinking: readonly Thinking[]
  readonly redacted: readonly RedactedThinking[]
  /** Of its message item: status, phase, ... */
  readonly fields: JsonObject
}

type Piece = Partial<Turn> & {
  /** Of somebody else than the assistant. */
  readonly messages?: readonly ChatMessage[]
  /** Of tools that the provider ran itself. */
  readonly results?: readonly ChatMessage[]
}

const emptyTurn = (): Turn => ({ content: [], calls: [], thinking: [], redacted: [], fields: {} })

const isEmptyTurn = ({ content, calls, thinking, redacted }: Turn): boolean =>
  content.length + calls.length + thinking.length + redacted.length === 0

const joined = (turn: Turn, piece: Piece): Turn => ({
  content: [...turn.content, ...(piece.content ?? [])],
  calls: [...turn.calls, ...(piece.calls ?? [])],
  thinking: [...turn.thinking, ...(piece.thinking ?? [])],
  redacted: [...turn.redacted, ...(piece.redacted ?? [])],
  fields: { ...turn.fields, ...piece.fields },
})

/** A turn is reasoning, then one text, then calls. */
function beginsTurn(piece: Piece, turn: Turn): boolean {
  const [next, last] = [stepOf(piece), stepOf(turn)]
  return next < last || (next === 1 && last === 1)
}

const stepOf = ({ calls = [], content = [] }: Piece): number =>
  calls.length > 0 ? 2 : content.length > 0 ? 1 : 0

function turnMessage({ content, calls, thinking, redacted, fields }: Turn): ChatMessage {
  const texts = content.map((part) => (isJsonObject(part) && part.type === 'text' ? part.text : undefined))
  const isText = texts.every((text) => typeof text === 'string')
  return {
    ...fields,
    role: 'assistant',
    ...thinkingFields(thinking, thinking.length > 0 ? [] : redacted),
    content: shownContent(isText ? texts.join('') : content, 'assistant'),
    ...(calls.length > 0 && { tool_calls: calls }),
  }
}

function pieceOf(item: Json, role: string, ids: CallIds): Piece {
  if (typeof item === 'string' && isLeftOut(item)) return { messages: [leftOutMessage(item)] }
  if (!isJsonObject(item)) return { messages: toMessages(item, role, ids) }
  const type = typeof item.type === 'string' ? item.type : 'message'
  if (type === 'message') return messagePiece(item, role, ids)
  const reasoning = thinkingBlock(item)
  if (reasoning !== undefined) {
    const { thinking, redacted } = reasoning
    return {
      thinking: thinking === undefined ? [] : [thinking],
      redacted: redacted === undefined ? [] : [redacted],
    }
  }
  if (/_output$/.test(type)) {
    return { messages: [resultMessage(item.call_id ?? item.id, item.output ?? ownFields(item))] }
  }
  return callPiece(type, item, ids) ?? { messages: [otherItem(type, item)] }
}

function messagePiece(item: JsonObject, role: string, ids: CallIds): Piece {
  if ((item.role ?? role) !== 'assistant') return { messages: toMessages(item, role, ids) }
  const { content, thinking, redacted, calls } = contentOf(item.content, ids)
  const parts =
    typeof content === 'string' ? (content === '' ? [] : [{ type: 'text', text: content }]) : content
  const annotations = annotationsOf(item.content)
  return {
    content: Array.isArray(parts) ? parts.filter(isNotEmpty).map(withoutAnnotations) : [],
    thinking,
    redacted,
    ...(calls.length > 0 && { calls }),
    fields: { ...(annotations.length > 0 && { annotations }) },
  }
}

/** Of all parts, because their texts are joined. */
function annotationsOf(content: Json | undefined): readonly Json[] {
  if (!Array.isArray(content)) return []
  return content.flatMap((part: Json) =>
    isJsonObject(part) && Array.isArray(part.annotations) ? part.annotations : [],
  )
}

const isNotEmpty = (part: Json): boolean => !isJsonObject(part) || part.text !== ''

function withoutAnnotations(part: Json): Json {
  if (!isJsonObject(part)) return part
  const { annotations: _, logprobs: __, ...rest } = part
  return rest
}

/** Calls, of the client's tools and of those that the provider runs itself, with their results. */
function callPiece(type: string, item: JsonObject, ids: CallIds): Piece | undefined {
  const { call_id: callId, id: itemId, name } = item
  const call = (called: Json | undefined, args: Json | undefined): ToolCall =>
    toolCall(ids(callId ?? itemId), called, args)
  switch (type) {
    case 'function_call':
      return { calls: [call(name, item.arguments)] }
    case 'custom_tool_call':
      return { calls: [call(name, inputAsArguments(item.input))] }
    case 'web_search_call':
      return { calls: [call('web_search', item.action ?? {})] }
    case 'file_search_call':
      return withResult(call('file_search', omitUndefined({ queries: item.queries })), item.results)
    case 'code_interpreter_call':
      return withResult(call('code_interpreter', omitUndefined({ code: item.code })), item.outputs)
    case 'mcp_call':
      return withResult(call(mcpName(item), item.arguments), item.output ?? item.error)
    case 'image_generation_call':
      return withResult(call('image_generation', imageArguments(item)), item.result)
    default:
      return /_call$/.test(type) ? { calls: [call(type.replace(/_call$/, ''), ownFields(item))] } : undefined
  }
}

function withResult(call: ToolCall, result: Json | undefined): Piece {
  const isMissing = result === undefined || result === null || result === ''
  return { calls: [call], ...(!isMissing && { results: [resultMessage(call.id, result)] }) }
}

const mcpName = ({ server_label: server, name }: JsonObject): Json | undefined =>
  typeof server === 'string' ? `${server}.${name}` : name

const imageArguments = ({ size, quality, revised_prompt: prompt }: JsonObject): JsonObject =>
  omitUndefined({ size: size ?? undefined, quality: quality ?? undefined, prompt: prompt ?? undefined })

function resultMessage(id: Json | undefined, output: Json | undefined): ChatMessage {
  return {
    role: 'tool',
    ...(typeof id === 'string' && { tool_call_id: keptName(id) }),
    content: shownContent(resultContent(output), 'tool'),
  }
}

/** Item types that say neither what was asked nor what was answered: a list of tools, a reference, a compaction. */
const otherItem = (type: string, item: JsonObject): ChatMessage => ({
  role: 'system',
  name: keptName(type),
  content: [jsonPart(ownFields(item))],
})

function ownFields({ type: _, id: __, call_id: ___, status: ____, ...fields }: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  )
}

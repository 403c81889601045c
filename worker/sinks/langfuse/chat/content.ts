import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import { acceptedPart, jsonPart } from './content-part.ts'
import { isImageReference, referencePart } from './media-reference.ts'
import { type ContentThinking, type RedactedThinking, type Thinking, thinkingBlock } from './thinking.ts'
import { type CallIds, type ToolCall, toolCall } from './tool-call.ts'

/** The content of a message, with what Langfuse has a place for beside it. */
export type Content = ContentThinking & {
  /** A text, or parts that Langfuse renders. */
  readonly content: Json
  readonly calls: readonly ToolCall[]
  readonly results: readonly ToolResult[]
}

export type ToolResult = { readonly id: string | undefined; readonly content: Json }

const nothing = { calls: [], results: [], thinking: [], redacted: [] }

/** @param content of a message: a text, parts (OpenAI), content blocks (Anthropic), chunks (Mistral) */
export function contentOf(content: Json | undefined, ids: CallIds): Content {
  if (content === undefined || content === null) return { content: '', ...nothing }
  if (typeof content === 'string') return { content, ...nothing }
  if (isJsonObject(content)) {
    const isPart = typeof content.type === 'string'
    return isPart ? contentOf([content], ids) : { content: [jsonPart(content)], ...nothing }
  }
  if (!Array.isArray(content)) return { content: String(content), ...nothing }
  const pieces = content.map((part: Json) => pieceOf(part, ids))
  return {
    content: pieces.flatMap(({ part }) => part ?? []),
    calls: pieces.flatMap(({ call }) => call ?? []),
    results: pieces.flatMap(({ result }) => result ?? []),
    thinking: pieces.flatMap(({ thinking }) => thinking ?? []),
    redacted: pieces.flatMap(({ redacted }) => redacted ?? []),
  }
}

type Piece = {
  readonly part?: Json
  readonly call?: ToolCall
  readonly result?: ToolResult
  readonly thinking?: Thinking
  readonly redacted?: RedactedThinking
}

function pieceOf(part: Json, ids: CallIds): Piece {
  const reasoning = thinkingBlock(part)
  if (reasoning !== undefined) return reasoning
  if (!isJsonObject(part)) return { part: acceptedPart(part) }
  const type = String(part.type)
  // `tool_use`, `server_tool_use`, `mcp_tool_use`.
  if (/(^|_)tool_use$/.test(type)) return { call: toolCall(ids(part.id), nameOf(part), part.input) }
  // `tool_result`, `web_search_tool_result`, `mcp_tool_result`, ...
  if (/(^|_)tool_result$/.test(type)) return { result: resultOf(part) }
  return { part: acceptedPart(part) }
}

const nameOf = ({ server_name: server, name }: JsonObject): Json | undefined =>
  typeof server === 'string' && typeof name === 'string' ? `${server}.${name}` : name

function resultOf({ tool_use_id: id, content }: JsonObject): ToolResult {
  return { id: typeof id === 'string' ? id : undefined, content: resultContent(content) }
}

/** @returns the result of a tool as text, or as parts where it has texts or media */
export function resultContent(content: Json | undefined): Json {
  if (typeof content === 'string') return isImageReference(content) ? [referencePart(content)] : content
  if (content === undefined || content === null) return ''
  const isOfParts =
    Array.isArray(content) && content.every((part: Json) => isJsonObject(part) && 'type' in part)
  if (isOfParts) return content.map(acceptedPart)
  return isJsonObject(content) && typeof content.type === 'string'
    ? [acceptedPart(content)]
    : [jsonPart(content)]
}

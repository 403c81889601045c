import { isJsonObject, type Json, type JsonObject } from '../../../json.ts'

// The schemas of packages/shared/src/utils/IORepresentation/chatML/types.ts in langfuse/langfuse, 4.16.0. A null is not
// an absent key, and one message that fails takes its whole side with it.

type Check = (value: Json) => boolean

const isText: Check = (value) => typeof value === 'string'
const isRecord: Check = isJsonObject
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)
const fields =
  (required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check =>
  (value) =>
    isJsonObject(value) &&
    Object.entries(required).every(([key, check]) => check(value[key] ?? null)) &&
    Object.entries(optional).every(([key, check]) => value[key] === undefined || check(value[key] as Json))
const constant =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(String(value))

const isMediaReference: Check = (value) =>
  typeof value === 'string' && /^@@@langfuseMedia:type=[^|@]+\|id=[^|@]+\|source=[^|@]+@@@$/.test(value)
const isImageUrl: Check = (value) =>
  isMediaReference(value) ||
  (typeof value === 'string' && /^https?:|^data:image\/(png|jpeg|jpg|gif|webp);base64,/.test(value))

const isToolDefinition = fields({ name: isText }, { description: isText, parameters: isRecord })
const isToolCall = fields(
  { id: isText, name: isText, arguments: isText },
  { type: isText, index: (value) => typeof value === 'number' },
)

export const isMessage: Check = fields(
  {},
  {
    role: isText,
    name: isText,
    content: (value) => value === null || isText(value) || isRecord(value) || Array.isArray(value),
    audio: fields({ data: isMediaReference }, { transcript: isText }),
    additional_kwargs: isRecord,
    tools: listOf(isToolDefinition),
    tool_calls: listOf(isToolCall),
    tool_call_id: isText,
    thinking: listOf(
      fields({ type: constant('thinking'), content: isText }, { signature: isText, summary: isText }),
    ),
    redacted_thinking: listOf(fields({ type: constant('redacted_thinking'), data: isText })),
  },
)

const isContentPart: Check = (part) =>
  isMediaReference(part) ||
  fields({ type: constant('text', 'input_text', 'output_text'), text: isText })(part) ||
  fields({
    type: constant('image_url'),
    image_url: fields({ url: isImageUrl }, { detail: constant('low', 'high', 'auto') }),
  })(part) ||
  fields({ type: constant('input_audio'), input_audio: fields({ data: isMediaReference }) })(part)

/** Content that is rendered as text and media; any other is a table. */
export const isReadableContent: Check = (content) =>
  content === null || isText(content) || listOf(isContentPart)(content)

/** Keys that stand behind a button of the message. */
export function hiddenKeys(message: JsonObject): readonly string[] {
  return Object.keys(message).filter((key) => !shownKeys.has(key) && message[key] !== undefined)
}

const shownKeys = new Set([
  'role',
  'name',
  'content',
  'audio',
  'type',
  'tools',
  'tool_calls',
  'tool_call_id',
  'thinking',
  'redacted_thinking',
])

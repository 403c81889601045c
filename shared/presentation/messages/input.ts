import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { omitUndefined } from '../../omit-undefined.ts'
import type { Message } from './message.ts'
import { partsOf, stringIn, textPart, toolCall } from './parts.ts'

/** A tool that the model could call. */
export type Tool = { readonly name: string; readonly description: string; readonly definition: JsonObject }

/** Where the messages are, by API. */
const messageKeys = ['messages', 'input', 'prompt', 'query'] as const
const instructionKeys = ['instructions', 'system'] as const

/** @returns the messages of an input, whichever API it is of; anything else as one that shows it */
export function messagesOfInput(input: Json | undefined): readonly Message[] {
  if (input === undefined) return []
  if (!isJsonObject(input)) return listOrText(input, 'input')
  const instructions = instructionKeys.flatMap((role) =>
    input[role] === undefined ? [] : [{ role, parts: partsOf(input[role]) }],
  )
  const key = messageKeys.find((name) => input[name] !== undefined)
  if (key !== undefined) return [...instructions, ...listOrText(input[key] as Json, key)]
  return [{ role: 'input', parts: [{ kind: 'other', type: 'input', value: input }] }]
}

export function listOrText(value: Json, name: string): readonly Message[] {
  if (!Array.isArray(value)) return [{ role: name, parts: partsOf(value) }]
  if (value.length > 0 && value.every((entry) => typeof entry === 'number'))
    return [{ role: name, parts: [{ kind: 'text', text: `${value.length} tokens, as numbers` }] }]
  return value.map((entry: Json) =>
    isJsonObject(entry) ? messageOf(entry) : { role: name, parts: partsOf(entry) },
  )
}

/** A message with a role, or an item of the Responses API with a type. */
function messageOf(entry: JsonObject): Message {
  const role = stringIn(entry, 'role')
  const isItem = role === undefined && entry.content === undefined
  const parts = isItem ? partsOf(entry) : messageParts(entry)
  return omitUndefined({
    role: role ?? stringIn(entry, 'type') ?? 'item',
    // Of an item that is a call it is the tool's.
    name: isItem ? undefined : stringIn(entry, 'name'),
    toolCallId: stringIn(entry, 'tool_call_id'),
    parts: parts.length > 0 ? parts : emptyOf(entry),
  })
}

function messageParts(entry: JsonObject): Message['parts'] {
  const calls = [
    ...listIn(entry, 'tool_calls'),
    ...(isJsonObject(entry.function_call) ? [entry.function_call] : []),
  ]
  const content = entry.type === 'reasoning' ? partsOf(entry) : partsOf(entry.content)
  return [
    ...textPart('reasoning', entry.reasoning_content ?? entry.reasoning),
    ...content,
    ...textPart('refusal', entry.refusal),
    ...calls.map(toolCall),
  ]
}

/** Nothing was said: an empty text is shown as such, anything else as it is. */
function emptyOf(entry: JsonObject): Message['parts'] {
  if (entry.content === '' || entry.content === null) return []
  return [{ kind: 'other', type: stringIn(entry, 'type') ?? 'message', value: entry }]
}

/** @returns the tools that an input offers */
export function toolsOfInput(input: Json | undefined): readonly Tool[] {
  if (!isJsonObject(input)) return []
  return [...listIn(input, 'tools'), ...listIn(input, 'functions')].map((definition) => {
    const inner = isJsonObject(definition.function) ? definition.function : definition
    const name = stringIn(inner, 'name') ?? stringIn(inner, 'type') ?? 'tool'
    return { name, description: stringIn(inner, 'description') ?? '', definition }
  })
}

function listIn(object: JsonObject, key: string): readonly JsonObject[] {
  const list = object[key]
  return Array.isArray(list) ? list.filter(isJsonObject) : []
}

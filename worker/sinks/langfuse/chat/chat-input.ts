import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import type { ChatMessage } from './chat-message.ts'
import { jsonPart } from './content-part.ts'
import { shownContent, toMessages } from './message.ts'
import { itemMessages } from './response-items.ts'
import { createCallIds } from './tool-call.ts'
import { toolDefinitions } from './tool-definition.ts'

/** The one shape of an input in which Langfuse shows messages and tools, and counts the tools. */
export type ChatInput = JsonObject & { readonly messages: readonly ChatMessage[] }

/**
 * @param input messages (Chat Completions, Messages), or an object of them and `tools`, `functions`, `system`
 */
export function chatInput(input: Json): ChatInput {
  if (!isJsonObject(input)) return { messages: orNote(messagesOf(input)) }
  const { messages, tools, functions, system, ...others } = input
  if (messages === undefined) return { messages: [noteOf(input)] }
  return withTools([...systemMessages(system), ...messagesOf(messages)], tools ?? functions, others)
}

/** @param input items or a text (Responses), or an object of them and `instructions`, `tools` */
export function responsesInput(input: Json): ChatInput {
  if (!isJsonObject(input)) return { messages: orNote(itemsOf(input)) }
  const { input: items, tools, instructions, ...others } = input
  if (items === undefined && instructions === undefined) return { messages: [noteOf(input)] }
  return withTools([...systemMessages(instructions), ...itemsOf(items)], tools, others)
}

/** @param input a prompt or several, or an object of it and `suffix` */
export function promptInput(input: Json): ChatInput {
  const { prompt, ...others } = isJsonObject(input) ? input : { prompt: input }
  // A list of numbers is a prompt in tokens.
  const isList = Array.isArray(prompt) && prompt.every((entry) => typeof entry !== 'number')
  const prompts = isList ? (prompt as readonly Json[]) : [prompt]
  const messages = prompts.map(
    (text): ChatMessage => ({ role: 'user', content: shownContent(textOf(text), 'user') }),
  )
  return { messages, ...withoutNulls(others) }
}

function withTools(messages: readonly ChatMessage[], tools: Json | undefined, others: JsonObject): ChatInput {
  const definitions = toolDefinitions(tools)
  return {
    messages: orNote(messages),
    ...(definitions !== undefined && { tools: definitions }),
    ...withoutNulls(others),
  }
}

function messagesOf(messages: Json): readonly ChatMessage[] {
  const ids = createCallIds()
  const list: readonly Json[] = Array.isArray(messages) ? messages : [messages]
  return list.flatMap((message) => toMessages(message, 'user', ids))
}

function itemsOf(items: Json | undefined): readonly ChatMessage[] {
  if (items === undefined || items === null) return []
  const list: readonly Json[] = Array.isArray(items) ? items : [items]
  return itemMessages(list, 'user', createCallIds())
}

/** Anthropic's `system` and the Responses API's `instructions`: a text, or a list. */
function systemMessages(system: Json | undefined): readonly ChatMessage[] {
  if (system === undefined || system === null || system === '') return []
  const isOfItems = Array.isArray(system) && system.some((item) => isJsonObject(item) && 'role' in item)
  if (isOfItems) return itemMessages(system, 'system', createCallIds())
  return toMessages({ role: 'system', content: system }, 'system', createCallIds())
}

/** Langfuse's page shows no chat without messages, also where the answer is one: a response may only go on with an earlier one. */
const orNote = (messages: readonly ChatMessage[]): readonly ChatMessage[] =>
  messages.length > 0 ? messages : [{ role: 'system', name: 'request', content: '[no messages]' }]

/** A body without what its operation needs: shown whole. */
const noteOf = (input: JsonObject): ChatMessage => ({
  role: 'system',
  name: 'request',
  content: [jsonPart(input)],
})

const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  )
}

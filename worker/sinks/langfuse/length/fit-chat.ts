import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import type { ChatMessage } from '../chat/chat-message.ts'
import { leftOutAtCapture } from '../chat/left-out.ts'
import { cutTexts } from './cut-json.ts'
import { type FittedMessages, fitMessages } from './fit-messages.ts'
import { addedLength, toolLists } from './fit-tools.ts'
import { type Fitted, fitted, lengthOf } from './fitted.ts'

type ChatInput = JsonObject & { readonly messages: readonly ChatMessage[] }

export const isChatInput = (input: Json): input is ChatInput =>
  isJsonObject(input) && Array.isArray(input.messages)

/**
 * Shortens a chat. Its tools give way first, by their descriptions and then by their parameters: the page counts them with
 * every message, and the messages are what its reader came for.
 * @param maxLength in characters
 * @param page characters that input and messages may have together, with the tools of each
 */
export function fitChat(input: ChatInput, maxLength: number, page: number): Fitted {
  const { messages, tools, ...others } = input
  const definitions = Array.isArray(tools) ? (tools as readonly Json[]) : undefined
  const length = lengthOf(input)
  const added = addedLength(definitions ?? []) + emptyKeys
  if (length <= maxLength && length + lengthOf(messages) + added * messages.length <= page) {
    return fitted(input, input, missingIn(messages))
  }
  const rest = cutTexts(others, maxLength / 4)
  const besides =
    definitions === undefined ? [rest] : toolLists(definitions).map((list) => ({ tools: list, ...rest }))
  const fits = besides.map((beside) => fitBeside(messages, beside, maxLength, page))
  const best = fits.find(({ isRoomy }) => isRoomy) ?? (fits.at(-1) as (typeof fits)[number])
  return fitted(input, { messages: best.messages, ...best.beside }, best.leftOut + missingIn(best.messages))
}

/**
 * Characters that the page counts for the keys of its schema that a message does not have: about 120
 * (IOPreviewPretty.tsx, 4.16.0), and some more, so that what is estimated to fit does.
 */
const emptyKeys = 140

const missingIn = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, message) => sum + leftOutAtCapture(message), 0)

type FittedBeside = FittedMessages & {
  readonly beside: JsonObject
  /** True where the tools cost no message, or take little of the page. */
  readonly isRoomy: boolean
}

function fitBeside(
  messages: readonly ChatMessage[],
  beside: JsonObject,
  maxLength: number,
  page: number,
): FittedBeside {
  const tools = (beside.tools ?? []) as readonly Json[]
  const ofTools = addedLength(tools)
  const added = ofTools + emptyKeys
  const limit = Math.max(maxLength - lengthOf(beside) - 15, 0)
  // The page counts messages twice.
  const room = Math.max((page - lengthOf(beside)) / 2, 0)
  const plain = fitMessages(messages, Math.floor(Math.min(limit, room)))
  const count = plain.messages.length
  if (lengthOf(plain.messages) + (added * count) / 2 > room) {
    const weighed = fitMessages(messages, Math.floor(Math.min(limit, room)), added / 2)
    return { ...weighed, beside, isRoomy: false }
  }
  const isSmall = lengthOf(tools) <= maxLength / 2 && ofTools * count <= page / 5
  return { ...plain, beside, isRoomy: isSmall || plain.leftOut === 0 }
}

import { isJsonObject, type Json } from '../../../../shared/json.ts'
import type { ChatMessage } from '../chat/chat-message.ts'
import { cutJson, cutTexts } from './cut-json.ts'
import { fitMessages } from './fit-messages.ts'
import { fitTools } from './fit-tools.ts'
import { type Fitted, fitted, lengthOf } from './fitted.ts'

export type FittedContent = { readonly input: Fitted | undefined; readonly output: Fitted | undefined }

/**
 * Langfuse's page renders messages as text while input, output and all messages, which it counts again, have fewer than
 * 150,000 characters together; beyond that each is a cut cell of a table. That is two and a half times the default of
 * LANGFUSE_MAX_CHARACTERS, whose limits may both be raised.
 */
const pageFactor = 2.5

/**
 * Shortens what is over the limit of its side, and the input further where the output leaves it less.
 * @param maxLength in characters, of each side; 0 for no limit
 */
export function fitContent(
  input: Json | undefined,
  output: Json | undefined,
  maxLength: number,
): FittedContent {
  if (maxLength === 0)
    return {
      input: input === undefined ? undefined : { value: input },
      output: output === undefined ? undefined : { value: output },
    }
  const shortOutput = output === undefined ? undefined : fitOutput(output, maxLength)
  const left = (maxLength * pageFactor) / 2 - lengthOf(shortOutput?.value ?? '')
  return {
    input: input === undefined ? undefined : fitInput(input, Math.floor(Math.min(maxLength, left))),
    output: shortOutput,
  }
}

/** Calls are counted by what is here, so that only texts are cut. */
const fitOutput = (output: Json, maxLength: number): Fitted =>
  fitted(output, isChat(output) ? cutTexts(output, maxLength) : cutJson(output, maxLength))

const isChat = (output: Json): boolean =>
  Array.isArray(output)
    ? output.every((item: Json) => isJsonObject(item) && 'role' in item)
    : isJsonObject(output) && 'role' in output

function fitInput(input: Json, maxLength: number): Fitted {
  if (lengthOf(input) <= maxLength) return { value: input }
  if (!isJsonObject(input) || !Array.isArray(input.messages)) return fitted(input, cutJson(input, maxLength))
  const { messages, tools, ...others } = input
  const definitions = Array.isArray(tools) ? { tools: fitTools(tools, maxLength / 2) } : {}
  const rest = { ...definitions, ...cutTexts(others, maxLength / 4) }
  const short = fitMessages(messages as readonly ChatMessage[], Math.max(maxLength - lengthOf(rest) - 15, 0))
  return fitted(input, { messages: short.messages, ...rest }, short.leftOut)
}

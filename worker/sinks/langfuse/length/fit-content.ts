import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import { cutJson, cutTexts } from './cut-json.ts'
import { fitChat, isChatInput } from './fit-chat.ts'
import { type Fitted, fitted, lengthOf } from './fitted.ts'

export type FittedContent = { readonly input: Fitted | undefined; readonly output: Fitted | undefined }

/**
 * Langfuse's page renders messages as text while input, output and all messages, which it counts again and each with the
 * tools, have fewer than 150,000 characters together; beyond that each is a cut cell of a table. That is two and a half
 * times the default of LANGFUSE_MAX_CHARACTERS, whose limits may both be raised.
 */
const pageFactor = 2.5

/**
 * Shortens what is over the limit of its side, and the input further where output and tools leave it less of the page.
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
  const left = maxLength * pageFactor - 2 * lengthOf(shortOutput?.value ?? '')
  // Calls are never cut: where they alone fill the page, a shorter input would not make it a text.
  const page = left < maxLength / 10 ? Number.POSITIVE_INFINITY : left
  return {
    input: input === undefined ? undefined : fitInput(input, maxLength, page),
    output: shortOutput,
  }
}

/** Calls are counted by what is here, so that only texts are cut. */
const fitOutput = (output: Json, maxLength: number): Fitted =>
  fitted(output, isChat(output) ? cutTexts(output, maxLength) : cutJson(output, maxLength))

const isMessage = (item: Json): item is JsonObject => isJsonObject(item) && 'role' in item

const isChat = (output: Json): boolean =>
  Array.isArray(output) ? output.every(isMessage) : isMessage(output)

function fitInput(input: Json, maxLength: number, page: number): Fitted {
  if (isChatInput(input)) return fitChat(input, maxLength, page)
  const limit = Math.floor(Math.min(maxLength, page / 2))
  return lengthOf(input) <= limit ? { value: input } : fitted(input, cutJson(input, limit))
}

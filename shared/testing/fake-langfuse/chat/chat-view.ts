import { isJsonObject, type Json, type JsonObject, parseJson } from '../../../json.ts'
import { isAiSdk } from './ai-sdk-adapter.ts'
import { deepParsed } from './deep-parsed.ts'
import { hiddenKeys, isMessage, isReadableContent } from './message-schema.ts'
import { isOpenAi, isResponsesRequest, preprocessed } from './openai-adapter.ts'
import { countedCalls, declaredTools } from './stored-tools.ts'

/** What a person sees of an observation's input and output on Langfuse's page. */
export type ChatView = {
  /** Messages of the chat, in order; undefined where the input is a box of JSON or text instead. */
  readonly input: readonly ShownMessage[] | undefined
  /** The same of the output. A text is a message only after an input that is a chat. */
  readonly output: readonly ShownMessage[] | undefined
  /** Names in the box of tools. */
  readonly shownTools: readonly string[]
  /** Names that are stored, for filters. */
  readonly declaredTools: readonly string[]
  /** Names of calls in the messages of the output. */
  readonly shownCalls: readonly string[]
  /** Names that are stored and counted. */
  readonly countedCalls: readonly string[]
  /** Keys of the input that stand in a box of their own under the chat. */
  readonly additionalInput: readonly string[]
  /** Beyond a limit on the characters of all of it messages are cut cells of a table, and no text. */
  readonly isText: boolean
}

export type ShownMessage = {
  readonly title: string
  /** `text`: text and media; `broken image`: base64 of a data URI. */
  readonly form: 'text' | 'table' | 'calls' | 'broken image' | 'empty'
  readonly thinking: readonly string[]
  readonly hidden: readonly string[]
  readonly content: Json
}

/** Characters that the page counts for the keys of its schema that a message does not have (IOPreviewPretty.tsx, 4.16.0). */
const emptyKeys = 120

/** NEXT_PUBLIC_LANGFUSE_MARKDOWN_RENDER_CHARACTER_LIMIT. */
const maxCharacters = 150_000

/** @param input as stored: over OTLP the text of the JSON */
export function chatViewOf(input: Json, output: Json): ChatView {
  const [stored, answered] = [parsedOnce(input), parsedOnce(output)]
  const [shownInput, shownOutput] = [deepParsed(stored), deepParsed(answered)]
  const before = messagesIn(shownInput)
  const after =
    typeof shownOutput === 'string' && before !== undefined
      ? [{ role: 'assistant', content: shownOutput }]
      : outputMessages(shownOutput)
  const all = [...(before ?? []), ...(after ?? [])]
  return {
    input: before?.map(shown),
    output: after?.map(shown),
    shownTools: [...new Set(all.flatMap(({ tools }) => namesIn(tools)))],
    declaredTools: declaredTools(stored),
    shownCalls: (after ?? []).flatMap(({ tool_calls: calls }) => namesIn(calls)),
    countedCalls: countedCalls(answered),
    additionalInput: additionalKeys(shownInput),
    isText:
      characters(stored) + characters(answered) + characters(all) + all.length * emptyKeys < maxCharacters,
  }
}

const parsedOnce = (value: Json): Json => (typeof value === 'string' ? (parseJson(value) ?? value) : value)

function messagesIn(input: Json): readonly JsonObject[] | undefined {
  const data = isOpenAi(input) ? preprocessed(input) : input
  return validMessages(isJsonObject(data) && 'messages' in data ? (data.messages ?? null) : data)
}

function outputMessages(output: Json): readonly JsonObject[] | undefined {
  const data = isOpenAi(output) && !isAiSdk(output) ? preprocessed(output) : output
  if (isJsonObject(data) && 'messages' in data) return validMessages(data.messages ?? null)
  return validMessages(Array.isArray(data) ? data : [data])
}

function validMessages(list: Json): readonly JsonObject[] | undefined {
  const isChat = Array.isArray(list) && list.length > 0 && list.every((item: Json) => isMessage(item))
  return isChat ? (list as readonly JsonObject[]) : undefined
}

function shown(message: JsonObject): ShownMessage {
  const { role, name, content = null, thinking } = message
  return {
    title: String(name ?? role ?? ''),
    form: formOf(message),
    thinking: (Array.isArray(thinking) ? thinking : []).map((entry) => String((entry as JsonObject).content)),
    hidden: hiddenKeys(message),
    content,
  }
}

function formOf(message: JsonObject): ShownMessage['form'] {
  const { content = null, thinking, redacted_thinking: redacted, tool_calls: calls, audio } = message
  const isEmpty = content === null || content === '' || (Array.isArray(content) && content.length === 0)
  if (!isEmpty && !isReadableContent(content)) return 'table'
  if (!isEmpty) return JSON.stringify(content).includes('"url":"data:') ? 'broken image' : 'text'
  if (thinking !== undefined || redacted !== undefined || audio !== undefined) return 'text'
  if (Array.isArray(calls) && calls.length > 0) return 'calls'
  return hiddenKeys(message).length > 0 ? 'table' : 'empty'
}

function namesIn(list: Json | undefined): readonly string[] {
  return (Array.isArray(list) ? list : []).map((entry: Json) => String((entry as JsonObject).name))
}

function additionalKeys(input: Json): readonly string[] {
  if (!isJsonObject(input)) return []
  const consumed = isResponsesRequest(input) ? ['messages', 'input', 'instructions'] : ['messages']
  return Object.keys(input).filter((key) => !consumed.includes(key))
}

const characters = (value: Json): number => (value === null ? 0 : JSON.stringify(value).length)

import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import type { Choice, Output } from '../../shared/record/output.ts'

const maxCharacters = 160

/** @returns the beginning of the last user message, on one line; undefined without captured input */
export function previewInput(input: Json | undefined): string | undefined {
  return input === undefined ? undefined : oneLine(inputText(input))
}

/** @returns the beginning of the output, on one line; undefined without captured output */
export function previewOutput(output: Output | undefined): string | undefined {
  return output === undefined ? undefined : oneLine(outputText(output))
}

/** @returns the beginning of a tool's arguments or result, on one line; undefined without one */
export function previewValue(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined
  return oneLine(isJsonObject(value) ? JSON.stringify(value) : textOf(value))
}

function inputText(input: Json): string {
  if (Array.isArray(input)) return listText(input)
  if (!isJsonObject(input)) return textOf(input as Json)
  const inner = input.messages ?? input.input ?? input.prompt ?? input.query
  return inner === undefined ? JSON.stringify(input) : inputText(inner)
}

function listText(list: readonly Json[]): string {
  if (list.length > 0 && list.every((entry) => typeof entry === 'number')) return `${list.length} tokens`
  const messages = list.filter(isJsonObject)
  const last = messages.findLast((message) => message.role === 'user') ?? messages.at(-1)
  return last?.content === undefined ? textOf(list) : textOf(last.content)
}

function outputText(output: Output): string {
  switch (output.kind) {
    case 'choices':
      return output.choices.map(choiceText).find((text) => text !== '') ?? ''
    case 'items':
      return output.items.filter(isJsonObject).map(itemText).filter(Boolean).join(' ')
    case 'message':
      return output.content.filter(isJsonObject).map(blockText).filter(Boolean).join(' ')
    case 'vectors':
      return `${output.count} vectors${output.dimensions === undefined ? '' : ` of ${output.dimensions}`}`
    case 'ranking':
      return `${output.count} ranked: ${output.best.map(({ index, score }) => `#${index} ${score}`).join(', ')}`
    case 'moderation':
      return output.flagged
        ? `flagged: ${[...new Set(output.judgements.flatMap(({ categories }) => categories))].join(', ')}`
        : 'not flagged'
    case 'text':
      return output.text
    case 'images':
      return `${output.count} ${output.count === 1 ? 'picture' : 'pictures'}`
    case 'json':
      return textOf(output.value)
    case 'media':
      return `${output.mediaType}, ${output.bytes} bytes`
  }
}

function choiceText({ content, toolCalls, refusal, audioTranscript, reasoning }: Choice): string {
  const calls = toolCalls?.map((call) => `${call.name}(${call.arguments})`).join(' ')
  return [textOf(content), calls, refusal, audioTranscript, reasoning].find(Boolean) ?? ''
}

/** An output item of the Responses API: a message, a call, or reasoning, which is left out. */
function itemText(item: JsonObject): string {
  if (typeof item.name === 'string') return `${item.name}(${textOf(item.arguments ?? item.input)})`
  return item.type === 'reasoning' ? '' : textOf(item.content)
}

/** A content block of the Messages API: text, a call with its input as an object, or thinking, which is left out. */
function blockText(block: JsonObject): string {
  if (typeof block.name === 'string') return `${block.name}(${inputOf(block.input)})`
  return block.type === 'thinking' || block.type === 'redacted_thinking' ? '' : textOf(block)
}

const inputOf = (input: Json | undefined): string =>
  typeof input === 'string' ? input : JSON.stringify(input ?? {})

/** The text of a message's content: a string, or parts, not all of which are text. */
function textOf(content: Json | undefined): string {
  if (content === undefined || content === null) return ''
  if (typeof content === 'string') return content
  if (Array.isArray(content)) return content.map(textOf).filter(Boolean).join(' ')
  if (!isJsonObject(content)) return String(content)
  const text = content.text ?? content.refusal ?? content.transcript
  if (typeof text === 'string') return text
  return typeof content.type === 'string' ? `[${content.type}]` : JSON.stringify(content)
}

function oneLine(text: string): string {
  // Truncated before the regular expression runs, because an input can be a megabyte. Nearly every text has enough
  // characters in the first half of what may be white space.
  const near = withoutBreaks(text.slice(0, 2 * maxCharacters + 2))
  const line = near.length > 2 * maxCharacters ? near : withoutBreaks(text.slice(0, 4 * maxCharacters))
  const end = endOfCharacters(line, maxCharacters)
  return end < line.length ? `${line.slice(0, end)}…` : line
}

const withoutBreaks = (text: string): string => text.replace(whitespaceAndControls, ' ').trim()

/** @returns the length in UTF-16 units of so many characters; saves splitting the text into them */
function endOfCharacters(text: string, characters: number): number {
  let at = 0
  for (let count = 0; count < characters && at < text.length; count++) {
    at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1
  }
  return at
}

/** White space and the category Cc, written out: the same by `\p{Cc}` takes ten times as long. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const whitespaceAndControls = /[\s\x00-\x1f\x7f-\x9f]+/g

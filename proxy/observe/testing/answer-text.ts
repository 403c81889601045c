import { isJsonObject, type Json, type JsonObject, parseJson } from '../../../shared/json.ts'
import type { Output } from '../../../shared/record/output.ts'

// What an answer says, read from its bytes without the folds, to compare the records with.

/** @returns the JSON documents of a body: itself, or its events up to `[DONE]` */
export function documentsOf(body: string): readonly Json[] {
  const whole = parseJson(body)
  if (whole !== undefined) return [whole]
  const [beforeDone = ''] = body.split(/^data: ?\[DONE\]/m)
  return beforeDone.split(/\r\n|\n|\r/).flatMap((line) => {
    const document = line.startsWith('data:') ? parseJson(line.slice('data:'.length)) : undefined
    return document === undefined ? [] : [document]
  })
}

/** @returns the text that a client shows, of all choices in turn; empty where there is none */
export function answerText(body: string): string {
  const documents = documentsOf(body).filter(isJsonObject)
  const said = choiceTexts(documents) || documents.map(terminalText).join('')
  if (said !== '') return said
  return documents.length === 1 ? documents.map(wholeText).join('') : documents.map(deltaText).join('')
}

/** The last event of the Responses API has the whole answer, which goes before its pieces. */
const terminalText = ({ type, response }: JsonObject): string =>
  typeof type === 'string' && isJsonObject(response) && /^response\.(completed|incomplete)$/.test(type)
    ? wholeText(response)
    : ''

/** Chat and text completions, plain and streamed: the texts of each choice, one choice after the other. */
function choiceTexts(documents: readonly JsonObject[]): string {
  const texts: string[] = []
  const choices = documents.flatMap((document) => list(document.choices)).filter(isJsonObject)
  for (const choice of choices) {
    const index = typeof choice.index === 'number' ? choice.index : 0
    const said = textOf(inside(choice.delta)) || textOf(inside(choice.message)) || textOf(choice.text)
    texts[index] = (texts[index] ?? '') + said
  }
  return texts.join('')
}

const inside = (message: Json | undefined): Json | undefined =>
  isJsonObject(message) ? message.content : undefined

/** Events of the Responses API, of Anthropic's, and of transcriptions. */
function deltaText({ type, delta, content_block: block }: JsonObject): string {
  if (type === 'response.output_text.delta' || type === 'transcript.text.delta') return textOf(delta)
  if (type === 'content_block_start' && isJsonObject(block)) return textOf(block.text)
  return type === 'content_block_delta' && isJsonObject(delta) ? textOf(delta.text) : ''
}

/** The same APIs without a stream. */
function wholeText({ output, content, text }: JsonObject): string {
  const items = list(output).filter(isJsonObject)
  const messages = items.filter(({ type }) => type === 'message')
  return messages.map((item) => textOf(item.content)).join('') || textOf(content) || textOf(text)
}

/** @returns the text that a record has of an answer; undefined where its output is of another kind */
export function recordedText(output: Output | undefined): string | undefined {
  switch (output?.kind) {
    case undefined:
      return ''
    case 'choices':
      return output.choices.map(({ content }) => textOf(content)).join('')
    case 'items':
      return wholeText({ output: output.items as Json })
    case 'message':
      return textOf(output.content as Json)
    case 'text':
      return output.text
    default:
      return undefined
  }
}

/** Of a content: a text, or parts of which some have one. */
function textOf(content: Json | undefined): string {
  if (typeof content === 'string') return content
  return list(content)
    .map((part) => (isJsonObject(part) && typeof part.text === 'string' ? part.text : ''))
    .join('')
}

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

import { isJsonObject, type Json } from '../../../shared/json.ts'
import { reasoningText } from './reasoning.ts'

/** The content of a message by kind of part. */
export type ContentParts = {
  readonly text: string
  readonly reasoning: string
  /** Parts that are neither, verbatim. */
  readonly others: readonly Json[]
}

/** Mistral's type is `thinking`, with a list of texts; Databricks' is `reasoning`, with a summary. */
const reasoningTypes = new Set<Json | undefined>(['thinking', 'reasoning'])

const noOthers: readonly Json[] = []
const noParts: ContentParts = { text: '', reasoning: '', others: noOthers }

/** @param content a text, one part, or a list of both */
export function partsOf(content: Json | undefined): ContentParts {
  if (typeof content === 'string') return { text: content, reasoning: '', others: noOthers }
  if (content === undefined || content === null) return noParts
  const parts: readonly Json[] = Array.isArray(content) ? content : isJsonObject(content) ? [content] : []
  return {
    text: parts.map(textIn).join(''),
    reasoning: parts.map(reasoningIn).join(''),
    others: parts.filter((part) => isJsonObject(part) && !isReasoning(part) && typeof part.text !== 'string'),
  }
}

const isReasoning = (part: Json): boolean => isJsonObject(part) && reasoningTypes.has(part.type)

const reasoningIn = (part: Json): string => (isReasoning(part) ? reasoningText(part) : '')

function textIn(part: Json): string {
  if (typeof part === 'string') return part
  return isJsonObject(part) && !isReasoning(part) && typeof part.text === 'string' ? part.text : ''
}

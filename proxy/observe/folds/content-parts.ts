import { isJsonObject, type Json } from '../../../shared/json.ts'
import { reasoningOf } from './reasoning.ts'

/** What the content of a message is made of. */
export type ContentParts = {
  readonly text: string
  readonly reasoning: string
  /** Parts that are neither, as they are. */
  readonly others: readonly Json[]
}

/** Mistral calls them `thinking`, with a list of texts in it; Databricks `reasoning`, with a summary. */
const reasoningTypes = new Set<Json | undefined>(['thinking', 'reasoning'])

const nothing: ContentParts = { text: '', reasoning: '', others: [] }

/** Takes content apart: a text, one part, or a list of them. */
export function partsOf(content: Json | undefined): ContentParts {
  if (typeof content === 'string') return { ...nothing, text: content }
  if (content === undefined || content === null) return nothing
  const parts: readonly Json[] = Array.isArray(content) ? content : isJsonObject(content) ? [content] : []
  return {
    text: parts.map(textIn).join(''),
    reasoning: parts.map(reasoningIn).join(''),
    others: parts.filter((part) => isJsonObject(part) && !isReasoning(part) && typeof part.text !== 'string'),
  }
}

const isReasoning = (part: Json): boolean => isJsonObject(part) && reasoningTypes.has(part.type)

const reasoningIn = (part: Json): string => (isReasoning(part) ? reasoningOf({ reasoning: part }) : '')

function textIn(part: Json): string {
  if (typeof part === 'string') return part
  return isJsonObject(part) && !isReasoning(part) && typeof part.text === 'string' ? part.text : ''
}

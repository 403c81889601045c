import { shortenedText } from '../shortened-text.ts'
import type { Message, Part } from './message.ts'

/** A message of which no more is left than fits. */
export type Shortened = { readonly messages: readonly Message[] /** Characters. */; readonly leftOut: number }

/** What a message and each of its parts count beside their text: a page has headings and frames for them. */
export const overheadCharacters = 100

/**
 * Messages at the far end that do not fit at all are left out whole.
 * @param characters that may be left of all texts together
 * @param keep which end of the list matters more
 */
export function shorten(messages: readonly Message[], characters: number, keep: 'first' | 'last'): Shortened {
  const budget = { left: characters, leftOut: 0 }
  const kept: Message[] = []
  for (const message of keep === 'first' ? messages : messages.toReversed()) {
    if (budget.left <= 0) {
      budget.leftOut += JSON.stringify(message.parts).length
      continue
    }
    kept.push({ ...message, parts: message.parts.map((part) => shortenedPart(part, budget)) })
    budget.left -= overheadCharacters * (1 + message.parts.length)
  }
  return { messages: keep === 'first' ? kept : kept.toReversed(), leftOut: budget.leftOut }
}

type Budget = { left: number; leftOut: number }

function shortenedPart(part: Part, budget: Budget): Part {
  switch (part.kind) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return { ...part, text: fitted(part.text, budget) }
    case 'tool_call':
      return { ...part, arguments: fitted(part.arguments, budget) }
    case 'tool_result':
      return { ...part, parts: part.parts.map((inner) => shortenedPart(inner, budget)) }
    case 'other': {
      const { length } = JSON.stringify(part.value)
      if (length <= budget.left) {
        budget.left -= length
        return part
      }
      budget.leftOut += length
      return { ...part, value: `[${length} characters]` }
    }
  }
}

function fitted(text: string, budget: Budget): string {
  const length = Math.max(0, Math.min(text.length, budget.left))
  budget.left -= length
  budget.leftOut += text.length - length
  return shortenedText(text, length)
}

import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import { keptText } from './parsed-text.ts'

/** Langfuse shows it as a folded line over the answer; reasoning under any other key is hidden (measured). */
export type Thinking = { readonly type: 'thinking'; readonly content: string; readonly summary?: string }
/** Encrypted: shown as a line that says so. */
export type RedactedThinking = { readonly type: 'redacted_thinking'; readonly data: string }

export type ThinkingFields = {
  readonly thinking?: readonly Thinking[]
  readonly redacted_thinking?: readonly RedactedThinking[]
}

/** What content blocks hold of it. */
export type ContentThinking = {
  readonly thinking: readonly Thinking[]
  readonly redacted: readonly RedactedThinking[]
}

/** @returns the reasoning of a message under whatever key its provider has it, and of its content blocks */
export function thinkingOf(message: JsonObject, { thinking, redacted }: ContentThinking): ThinkingFields {
  const { reasoning_content: content, reasoning } = message
  const text = [content, reasoning, message.thinking].find(
    (value) => typeof value === 'string' && value !== '',
  )
  const details = listOf(message.reasoning_details).map(thinkingBlock)
  const entries = [
    ...(typeof text === 'string' ? [toThinking(text)] : details.flatMap((entry) => entry?.thinking ?? [])),
    ...thinking,
    ...listOf(message.thinking).flatMap((entry) => thinkingBlock(entry)?.thinking ?? []),
  ]
  const encrypted = [...details.flatMap((entry) => entry?.redacted ?? []), ...redacted]
  return thinkingFields(entries, entries.length > 0 ? [] : encrypted)
}

export function thinkingFields(
  thinking: readonly Thinking[],
  redacted: readonly RedactedThinking[],
): ThinkingFields {
  return {
    ...(thinking.length > 0 && { thinking }),
    ...(redacted.length > 0 && { redacted_thinking: redacted }),
  }
}

const toThinking = (content: string): Thinking => ({
  type: 'thinking',
  content: keptText(content),
})

export type ThinkingBlock = { readonly thinking?: Thinking; readonly redacted?: RedactedThinking }

/**
 * @param block of Anthropic's content (`thinking`, `redacted_thinking`), of Mistral's, of OpenRouter's
 * `reasoning_details`, or an item `reasoning` of the Responses API
 * @returns undefined where it is no reasoning; empty where it has neither text nor data
 */
export function thinkingBlock(block: Json): ThinkingBlock | undefined {
  if (!isJsonObject(block) || !reasoningType.test(String(block.type))) return undefined
  const texts = [block.thinking, block.text, block.content].map(joinedText)
  const content = texts.find((text) => text !== '') ?? ''
  const summary = joinedText(block.summary)
  if (content !== '' && summary !== '')
    return { thinking: { ...toThinking(content), summary: keptText(summary) } }
  if (content !== '' || summary !== '') return { thinking: toThinking(content || summary) }
  const data = [block.data, block.encrypted_content].find(
    (value) => typeof value === 'string' && value !== '',
  )
  return typeof data === 'string' ? { redacted: { type: 'redacted_thinking', data: keptText(data) } } : {}
}

const reasoningType = /^(redacted_)?(thinking|reasoning)(\.(text|summary|encrypted))?$/

/** A text, or the texts of parts, one per line. */
function joinedText(value: Json | undefined): string {
  if (typeof value === 'string') return value
  const texts = listOf(value).map((part) => (isJsonObject(part) ? part.text : part))
  return texts.filter((text) => typeof text === 'string' && text !== '').join('\n')
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import type { Choice, Output } from '../../shared/record/output.ts'
import type { Ending, InferenceRecord, Operation } from '../../shared/record/record.ts'

/** Texts for the tokenizer, and the tokens of everything else. */
export type TokenSource = { readonly texts: readonly string[]; readonly tokens: number }

/** Where the tokens of a call come from. */
export type TokenSources = { readonly input: TokenSource; readonly output?: TokenSource }

// For the others a provider bills something else than tokens, or there is no model at all.
const billedByTokens: ReadonlySet<Operation> = new Set([
  'chat',
  'text_completion',
  'responses',
  'messages',
  'embeddings',
])

/** A failed call never gets a cost; one that was cut short was billed up to that point. */
const billedEndings: ReadonlySet<Ending> = new Set([
  'completed',
  'truncated',
  'client_closed',
  'process_died',
])

/**
 * @returns undefined where usage is known, or there is no content to estimate it from, or the call failed; nothing of the
 * input where that is known
 */
export function tokenSources(record: InferenceRecord): TokenSources | undefined {
  const { usage, ending, operation, content, output, input } = record
  if (content !== undefined || (usage.provenance !== 'missing' && !lacksOutput(record))) return undefined
  if (!billedEndings.has(ending) || !billedByTokens.has(operation)) return undefined
  const inputSource = collect(input)
  if (operation === 'embeddings') {
    return output?.kind === 'vectors' && inputSource.texts.length > 0 ? { input: inputSource } : undefined
  }
  const outputSource = collect(generatedContent(output))
  if (outputSource.texts.length === 0 || input === undefined) return undefined
  if (usage.provenance !== 'missing') return { input: nothing, output: outputSource }
  return { input: inputSource, output: outputSource }
}

const nothing: TokenSource = { texts: [], tokens: 0 }

/**
 * True where a stream of Anthropic's Messages API broke off: it reports the input, with what is cached of it, at its
 * start, and the output at its end.
 */
const lacksOutput = ({ operation, usage }: InferenceRecord): boolean =>
  operation === 'messages' &&
  usage.provenance === 'provider' &&
  usage.input !== undefined &&
  usage.output === undefined

function generatedContent(output: Output | undefined): Json | undefined {
  switch (output?.kind) {
    case 'choices':
      return output.choices.map(choiceContent)
    case 'items':
      return output.items
    case 'message':
      return output.content
    default:
      return undefined
  }
}

const choiceContent = ({ content, reasoning, refusal, toolCalls }: Choice): Json => ({
  content,
  reasoning,
  refusal,
  calls: toolCalls?.map(({ name, arguments: text }) => ({ name, text })),
})

/** Fields whose strings are identifiers, which do not reach the model as text. */
const identifiers = new Set(['type', 'role', 'id', 'call_id', 'tool_call_id', 'status', 'detail', 'phase'])
const skipped = new Set(['encrypted_content', 'signature', 'annotations', 'citations', 'logprobs'])

// Each message costs tokens for its role and delimiters
// (https://developers.openai.com/cookbook/examples/how_to_count_tokens_with_tiktoken_to_count_chat_messages).
const tokensPerMessage = 4

// An image of up to 1024 × 1024 pixels for gpt-4o, in low detail and otherwise
// (https://platform.openai.com/docs/guides/images-vision). Its actual size is not known here.
const tokensPerImage = { low: 85, high: 765 } as const

const imageTypes = new Set<Json | undefined>(['image_url', 'input_image', 'image'])

/** The record's placeholder for media. */
const mediaPlaceholder = /^\[[\w./+-]+, \d+ bytes, sha256 [0-9a-f]{64}\]$/

function collect(content: Json | undefined): TokenSource {
  const texts: string[] = []
  let tokens = 0

  function visit(value: Json | undefined, field: string): void {
    if (typeof value === 'string') {
      if (value !== '' && !identifiers.has(field) && !mediaPlaceholder.test(value)) texts.push(value)
    } else if (Array.isArray(value)) {
      for (const entry of value as readonly Json[]) visit(entry, field)
    } else if (isJsonObject(value)) visitObject(value)
  }

  function visitObject(object: JsonObject): void {
    if (imageTypes.has(object.type)) {
      tokens += isLowDetail(object) ? tokensPerImage.low : tokensPerImage.high
      return
    }
    if (typeof object.role === 'string') tokens += tokensPerMessage
    for (const [field, value] of Object.entries(object)) {
      // Definitions reach the model with their names and braces.
      if ((field === 'tools' || field === 'functions') && Array.isArray(value))
        texts.push(JSON.stringify(value))
      else if (!skipped.has(field)) visit(value, field)
    }
  }

  visit(content, '')
  return { texts, tokens }
}

function isLowDetail({ detail, image_url: image }: JsonObject): boolean {
  return detail === 'low' || (isJsonObject(image) && image.detail === 'low')
}

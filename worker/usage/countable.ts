import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import type { Choice, Output } from '../../shared/record/output.ts'
import type { Ending, InferenceRecord, Operation } from '../../shared/record/record.ts'

/** What a tokenizer has to count, and tokens that are known without one. */
export type Countable = { readonly texts: readonly string[]; readonly tokens: number }

/** The texts of a call whose usage nobody told. */
export type UncountedCall = { readonly input: Countable; readonly output?: Countable }

// Elsewhere a provider bills by other things than tokens, or there is no model at all.
const counted: ReadonlySet<Operation> = new Set(['chat', 'text_completion', 'responses', 'embeddings'])

/** A call that failed is never given a cost; one that was only cut short was paid for as far as it came. */
const paidFor: ReadonlySet<Ending> = new Set(['completed', 'truncated', 'client_closed'])

/** @returns undefined where usage is known, or there is nothing to estimate it from, or the call failed */
export function uncountedCall(record: InferenceRecord): UncountedCall | undefined {
  const { usage, ending, operation, content, output, input } = record
  if (usage.provenance !== 'missing' || content !== undefined) return undefined
  if (!paidFor.has(ending) || !counted.has(operation)) return undefined
  const asked = gather(input)
  if (operation === 'embeddings') {
    return output?.kind === 'vectors' && asked.texts.length > 0 ? { input: asked } : undefined
  }
  const answered = gather(answerIn(output))
  return answered.texts.length === 0 || input === undefined ? undefined : { input: asked, output: answered }
}

function answerIn(output: Output | undefined): Json | undefined {
  switch (output?.kind) {
    case 'choices':
      return output.choices.map(choiceTexts)
    case 'items':
      return output.items
    case 'text':
      return output.text
    default:
      return undefined
  }
}

const choiceTexts = ({ content, reasoning, refusal, toolCalls }: Choice): Json => ({
  content,
  reasoning,
  refusal,
  calls: toolCalls?.map(({ name, arguments: text }) => ({ name, text })),
})

/** Fields whose texts name things for machines and reach no model as text. */
const names = new Set(['type', 'role', 'id', 'call_id', 'tool_call_id', 'status', 'detail', 'phase'])
const media = new Set(['encrypted_content', 'annotations', 'logprobs'])

// Each message costs its role and marks
// (https://developers.openai.com/cookbook/examples/how_to_count_tokens_with_tiktoken_to_count_chat_messages).
const perMessage = 4

// A picture of up to 1024 × 1024 pixels for gpt-4o, in low detail and else
// (https://platform.openai.com/docs/guides/images-vision). Its real size was not looked at.
const perPicture = { low: 85, high: 765 } as const

const pictureTypes = new Set<Json | undefined>(['image_url', 'input_image', 'image'])

/** How the record describes media that it does not keep. */
const description = /^\[[\w./+-]+, \d+ bytes, sha256 [0-9a-f]{64}\]$/

function gather(value: Json | undefined): Countable {
  const texts: string[] = []
  let tokens = 0

  function visit(told: Json | undefined, field: string): void {
    if (typeof told === 'string') {
      if (told !== '' && !names.has(field) && !description.test(told)) texts.push(told)
    } else if (Array.isArray(told)) {
      for (const entry of told as readonly Json[]) visit(entry, field)
    } else if (isJsonObject(told)) visitObject(told)
  }

  function visitObject(object: JsonObject): void {
    if (pictureTypes.has(object.type)) {
      tokens += isLowDetail(object) ? perPicture.low : perPicture.high
      return
    }
    if (typeof object.role === 'string') tokens += perMessage
    for (const [field, told] of Object.entries(object)) {
      // Definitions reach the model with their names and braces.
      if ((field === 'tools' || field === 'functions') && Array.isArray(told))
        texts.push(JSON.stringify(told))
      else if (!media.has(field)) visit(told, field)
    }
  }

  visit(value, '')
  return { texts, tokens }
}

function isLowDetail({ detail, image_url: picture }: JsonObject): boolean {
  return detail === 'low' || (isJsonObject(picture) && picture.detail === 'low')
}

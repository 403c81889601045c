import { isJsonObject, type Json, type JsonObject, parseJson } from '../../../shared/json.ts'
import { type ByteAllowance, trySpend } from '../capture/byte-allowance.ts'
import { GrowingText } from '../capture/growing-text.ts'
import { jsonSize } from '../capture/json-size.ts'

/** What an event added: something the model generated, something else that is known, or nothing known here. */
export type Addition = 'generated' | 'known' | 'unknown'

/** What a block takes of the allowance before it has any content. */
export const emptyBlockBytes = 64

/** The field of a block that a delta's text goes to, and the type of the block where its start was not seen. */
type TextDelta = { readonly from: string; readonly to: string; readonly block: string }

// https://platform.claude.com/docs/en/build-with-claude/streaming
const textDeltas: ReadonlyMap<string, TextDelta> = new Map([
  ['text_delta', { from: 'text', to: 'text', block: 'text' }],
  ['thinking_delta', { from: 'thinking', to: 'thinking', block: 'thinking' }],
  ['input_json_delta', { from: 'partial_json', to: 'input', block: 'tool_use' }],
  ['compaction_delta', { from: 'content', to: 'content', block: 'compaction' }],
])

/** @returns the type of the block that such a delta belongs to; undefined for deltas that are not known */
export function blockTypeOf(delta: JsonObject): string | undefined {
  if (delta.type === 'signature_delta') return 'thinking'
  return delta.type === 'citations_delta' ? 'text' : textDeltaOf(delta)?.block
}

const textDeltaOf = ({ type }: JsonObject): TextDelta | undefined =>
  typeof type === 'string' ? textDeltas.get(type) : undefined

/** One content block of a message, while its deltas come in. */
export class ContentBlock {
  readonly #fields: JsonObject
  readonly #texts = new Map<string, GrowingText>()
  readonly #citations: Json[] = []
  #signature: string | undefined
  #spent: number

  /** @param spent bytes that the block has taken of the allowance */
  constructor(block: JsonObject, spent: number) {
    this.#fields = block
    this.#spent = spent
  }

  /** Bytes taken of the allowance so far; to be refunded when the block is replaced. */
  get spent(): number {
    return this.#spent
  }

  addDelta(delta: JsonObject, allowance: ByteAllowance): Addition {
    const before = allowance.left
    const addition = this.#add(delta, allowance)
    this.#spent += before - allowance.left
    return addition
  }

  #add(delta: JsonObject, allowance: ByteAllowance): Addition {
    if (delta.type === 'signature_delta') {
      if (typeof delta.signature !== 'string') return 'known'
      if (trySpend(allowance, jsonSize(delta.signature))) this.#signature = delta.signature
      return 'known'
    }
    if (delta.type === 'citations_delta') {
      const { citation } = delta
      if (isJsonObject(citation) && trySpend(allowance, jsonSize(citation))) this.#citations.push(citation)
      return 'generated'
    }
    const target = textDeltaOf(delta)
    if (target === undefined) return 'unknown'
    const text = delta[target.from]
    if (typeof text !== 'string') return 'known'
    return this.#textFor(target.to).addDelta(text, allowance) ? 'generated' : 'known'
  }

  #textFor(field: string): GrowingText {
    const known = this.#texts.get(field)
    if (known !== undefined) return known
    const text = new GrowingText()
    const start = this.#fields[field]
    // Already paid for with the block, and UTF-8 takes at most three bytes per UTF-16 unit.
    if (typeof start === 'string') text.addDelta(start, { left: start.length * 3 })
    this.#texts.set(field, text)
    return text
  }

  /** What deltas have added to. */
  texts(): readonly GrowingText[] {
    return [...this.#texts.values()]
  }

  /** The block in the provider's shape. Input that is not, or not yet, JSON stays the text that came. */
  read(): JsonObject {
    const fields: Record<string, Json | undefined> = { ...this.#fields }
    for (const [field, text] of this.#texts) {
      if (field !== 'input') fields[field] = text.toString()
      else if (!text.empty) fields.input = inputFrom(text.toString())
    }
    if (this.#citations.length > 0) {
      const started = Array.isArray(this.#fields.citations) ? (this.#fields.citations as Json[]) : []
      fields.citations = [...started, ...this.#citations]
    }
    if (this.#signature !== undefined) fields.signature = this.#signature
    return fields
  }
}

/** Input that is nested too deeply to be kept as JSON is kept as text. */
function inputFrom(text: string): Json {
  const input = parseJson(text)
  return input === undefined || jsonSize(input) === Number.POSITIVE_INFINITY ? text : input
}

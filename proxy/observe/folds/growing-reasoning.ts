import type { JsonObject } from '../../../shared/json.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { type AddText, addDelta, GrowingText } from '../capture/growing-text.ts'
import { reasoningFields, reasoningText } from './reasoning.ts'

/** How far a field has repeated the reasoning: the delta that it repeats next, and the characters of it already seen. */
type Position = { delta: number; offset: number }

/** The source of reasoning that stands in a part of the content; the others are indexes of `reasoningFields`. */
const contentSource = reasoningFields.length

/** The least number of characters that are taken for a repetition where one delta alone came before. */
const minRepeatedDelta = 16

/**
 * The reasoning of one choice. Routers send the same text up to three times, as `reasoning_content`, `reasoning` and
 * `reasoning_details`, or with Anthropic's `thinking_blocks` beside it (LiteLLM): in one delta only the first field
 * that has any is read, and a field that repeats in later deltas what another has carried adds nothing.
 */
export class GrowingReasoning {
  readonly #text = new GrowingText()
  /** What the text was joined from, to compare with it in linear time. */
  readonly #deltas: string[] = []
  #source: number | undefined
  #positions: Map<number, Position> | undefined

  /**
   * @param inContent the reasoning in the content of the same message, which takes precedence
   * @returns true when the message had any
   */
  add(message: JsonObject, inContent: string, addText: AddText, allowance: ByteAllowance): boolean {
    if (inContent !== '') return this.#addFrom(contentSource, inContent, addText, allowance)
    for (let source = 0; source < contentSource; source += 1) {
      const text = reasoningText(message[reasoningFields[source] ?? ''])
      if (text !== '') return this.#addFrom(source, text, addText, allowance)
    }
    return false
  }

  #addFrom(source: number, text: string, addText: AddText, allowance: ByteAllowance): true {
    if (addText !== addDelta || this.#source === undefined) this.#append(source, text, addText, allowance)
    else if (source !== this.#source) this.#addFromOther(source, text, allowance)
    else if (!this.#isRepetition(text)) this.#append(source, text, addDelta, allowance)
    return true
  }

  /** Adds what the text has beyond what it repeats. */
  #addFromOther(source: number, text: string, allowance: ByteAllowance): void {
    // What was left out cannot be compared, and is already counted.
    if (this.#text.truncated) return
    this.#positions ??= new Map()
    const position = this.#positions.get(source) ?? { delta: 0, offset: 0 }
    const repeated = this.#repeatedFrom(position, text)
    if (repeated === text.length) {
      this.#positions.set(source, position)
      return
    }
    this.#positions.set(this.#source ?? source, { delta: this.#deltas.length, offset: 0 })
    this.#append(source, text.slice(repeated), addDelta, allowance)
  }

  #append(source: number, text: string, addText: AddText, allowance: ByteAllowance): void {
    const before = this.#text.length
    addText(this.#text, text, allowance)
    const added = this.#text.length - before
    this.#source = source
    if (added > 0 && !this.#text.truncated) this.#deltas.push(text.slice(text.length - added))
  }

  /** True for all of the text at once, after it came in several deltas or in a long one. */
  #isRepetition(text: string): boolean {
    if (text.length !== this.#text.length || this.#text.truncated) return false
    if (this.#deltas.length < 2 && text.length < minRepeatedDelta) return false
    return this.#repeatedFrom({ delta: 0, offset: 0 }, text) === text.length
  }

  /**
   * Advances the position over what the text repeats.
   * @returns how many characters it repeats before it goes beyond them; 0 where it is another text
   */
  #repeatedFrom(position: Position, text: string): number {
    let at = 0
    while (at < text.length) {
      const delta = this.#deltas[position.delta]
      if (delta === undefined) break
      const length = Math.min(delta.length - position.offset, text.length - at)
      if (!delta.startsWith(text.slice(at, at + length), position.offset)) return 0
      at += length
      position.offset += length
      if (position.offset === delta.length) {
        position.delta += 1
        position.offset = 0
      }
    }
    return at
  }

  get text(): GrowingText {
    return this.#text
  }

  get empty(): boolean {
    return this.#text.empty
  }

  toString(): string {
    return this.#text.toString()
  }
}

import { type ByteAllowance, takeText } from './byte-allowance.ts'
import { truncationMark } from './text.ts'

/** A text that arrives in deltas and stops growing when the allowance is spent. Serialises to JSON as its text. */
export class GrowingText {
  #text = ''
  #missing = 0

  /** @returns true unless the delta was empty */
  addDelta(delta: string, allowance: ByteAllowance): boolean {
    if (delta === '') return false
    if (this.#missing > 0) {
      this.#missing += delta.length
      allowance.left = 0
      return true
    }
    const kept = takeText(allowance, delta)
    this.#text += kept
    this.#missing = delta.length - kept.length
    return true
  }

  /** Takes a text that repeats everything so far and adds what is new; one that begins otherwise is a delta. */
  addSnapshot(snapshot: string, allowance: ByteAllowance): boolean {
    const isRepeated = snapshot.startsWith(this.#text)
    return this.addDelta(isRepeated ? snapshot.slice(this.length) : snapshot, allowance)
  }

  get empty(): boolean {
    return this.#text === '' && this.#missing === 0
  }

  /** True once characters have been left out. */
  get truncated(): boolean {
    return this.#missing > 0
  }

  /** Characters of the whole text, kept or not. */
  get length(): number {
    return this.#text.length + this.#missing
  }

  /** @returns the last characters that were kept, at most so many */
  tail(characters: number): string {
    return this.#text.slice(-characters)
  }

  toString(): string {
    return this.#missing === 0 ? this.#text : this.#text + truncationMark(this.#missing)
  }

  toJSON(): string {
    return this.toString()
  }
}

/** How a value is added to a text: as a delta, or as a snapshot of all of it. */
export type AddText = (text: GrowingText, value: string, allowance: ByteAllowance) => boolean
export const addDelta: AddText = (text, delta, allowance) => text.addDelta(delta, allowance)
export const addSnapshot: AddText = (text, snapshot, allowance) => text.addSnapshot(snapshot, allowance)

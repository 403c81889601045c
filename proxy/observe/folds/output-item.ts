import type { Json, JsonObject } from '../../../shared/json.ts'
import { type ByteAllowance, trySpend } from '../capture/byte-allowance.ts'
import { GrowingText } from '../capture/growing-text.ts'
import type { DeltaTarget } from './delta-target.ts'

type Fields = { [key: string]: Json | undefined | GrowingText | Fields[] }

/** What an item or part takes of the allowance before it has any text. */
export const emptyItemBytes = 64

/** One output item while its deltas come in. Serialises to JSON as the item. */
export class OutputItem {
  readonly #fields: Fields
  #spent: number
  /** Parts that deltas have added to, by list and by the index that events give them. */
  readonly #parts = new Map<string, Fields>()

  /** @param spent bytes that the item has taken of the allowance */
  constructor(item: JsonObject, spent: number) {
    this.#fields = { ...item } as Fields
    this.#spent = spent
  }

  /** Bytes taken of the allowance so far; to be refunded when the item is replaced. */
  get spent(): number {
    return this.#spent
  }

  /** @returns true unless the delta was empty or the part that it needs does not fit */
  addDelta(
    { part, field }: DeltaTarget,
    event: JsonObject,
    delta: string,
    allowance: ByteAllowance,
  ): boolean {
    const owner = part === undefined ? this.#fields : this.#partFor(part, event, allowance)
    if (owner === undefined) return false
    const before = allowance.left
    const generated = growingText(owner, field).addDelta(delta, allowance)
    this.#spent += before - allowance.left
    return generated
  }

  /** The part that the event names: one that deltas began, one that came with the item, or a new one. */
  #partFor(
    { list, type }: NonNullable<DeltaTarget['part']>,
    event: JsonObject,
    allowance: ByteAllowance,
  ): Fields | undefined {
    const index = numberOrZero(list === 'content' ? event.content_index : event.summary_index)
    const key = `${list} ${index}`
    const known = this.#parts.get(key)
    if (known !== undefined) return known
    const parts = Array.isArray(this.#fields[list]) ? (this.#fields[list] as Fields[]) : []
    const part = parts[index] ?? this.#appendPart(parts, type, allowance)
    if (part === undefined) return undefined
    this.#fields[list] = parts
    this.#parts.set(key, part)
    return part
  }

  #appendPart(parts: Fields[], type: string, allowance: ByteAllowance): Fields | undefined {
    if (!trySpend(allowance, emptyItemBytes)) return undefined
    this.#spent += emptyItemBytes
    const part: Fields = { type }
    parts.push(part)
    return part
  }

  toJSON(): unknown {
    return this.#fields
  }
}

/** The field as a growing text that continues the value it already had. */
function growingText(owner: Fields, field: string): GrowingText {
  const value = owner[field]
  if (value instanceof GrowingText) return value
  const text = new GrowingText()
  // Already paid for with the item, and UTF-8 takes at most three bytes per UTF-16 unit.
  if (typeof value === 'string') text.addDelta(value, { left: value.length * 3 })
  owner[field] = text
  return text
}

export const numberOrZero = (value: Json | undefined): number => (typeof value === 'number' ? value : 0)

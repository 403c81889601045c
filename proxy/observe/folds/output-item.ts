import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { type ByteAllowance, trySpend } from '../capture/byte-allowance.ts'
import { GrowingText } from '../capture/growing-text.ts'
import { jsonSize } from '../capture/json-size.ts'
import type { DeltaTarget, PartTarget } from './delta-target.ts'

type Field = Json | undefined | GrowingText | Fields | Field[]
type Fields = { [key: string]: Field }

/** What an item, part or entry takes of the allowance before it has any text. */
export const emptyItemBytes = 64

/** More than any item has of parts, annotations or commands. */
const maxEntries = 1_024

/** One output item while its deltas come in. Serialises to JSON as the item. */
export class OutputItem {
  readonly #fields: Fields
  #spent: number
  /** Parts that deltas have added to, by list and by the index that events give them. */
  readonly #parts = new Map<string, Fields>()
  /** What deltas have added to, in order of their beginnings. */
  readonly texts: Set<GrowingText>

  /**
   * @param spent bytes that the item has taken of the allowance
   * @param texts of the item that this one repeats
   */
  constructor(item: JsonObject, spent: number, texts = new Set<GrowingText>()) {
    this.#fields = { ...item } as Fields
    this.#spent = spent
    this.texts = texts
  }

  /** Bytes taken of the allowance so far; to be refunded when the item is replaced. */
  get spent(): number {
    return this.#spent
  }

  /** @returns true unless the delta was empty or the place that it needs does not fit */
  addDelta(target: DeltaTarget, event: JsonObject, delta: string, allowance: ByteAllowance): boolean {
    const text = this.#textAt(target, event, allowance)
    if (text === undefined) return false
    this.texts.add(text)
    const before = allowance.left
    const generated = text.addDelta(delta, allowance)
    this.#spent += before - allowance.left
    return generated
  }

  /** Takes a text that is whole where its deltas have not come. @returns true where it was needed */
  complete(target: DeltaTarget, event: JsonObject, whole: string, allowance: ByteAllowance): boolean {
    const text = this.#textAt(target, event, allowance)
    return text?.empty === true && this.addDelta(target, event, whole, allowance)
  }

  /** Appends a value to a list of a part. @returns false where it does not fit */
  append(target: PartTarget, event: JsonObject, value: Json, allowance: ByteAllowance): boolean {
    const part = this.#partFor(target, event, allowance)
    if (part === undefined) return false
    const known = part[target.field]
    const list = Array.isArray(known) ? known : []
    const size = jsonSize(value)
    if (list.length === maxEntries || !trySpend(allowance, size)) return false
    this.#spent += size
    part[target.field] = list
    list.push(value)
    return true
  }

  #textAt(target: DeltaTarget, event: JsonObject, allowance: ByteAllowance): GrowingText | undefined {
    switch (target.place) {
      case 'item':
        return growingText(
          target.within === undefined ? this.#fields : this.#within(target.within),
          target.field,
        )
      case 'part': {
        const part = this.#partFor(target, event, allowance)
        return part && growingText(part, target.field)
      }
      case 'entry':
        return this.#entryFor(this.#within(target.within), target.field, event, allowance)
    }
  }

  /** The object in a field of the item, made where there is none. */
  #within(field: string): Fields {
    const known = this.#fields[field]
    if (isFields(known)) return known
    const made: Fields = {}
    this.#fields[field] = made
    return made
  }

  /** The entry that the event names, in a list of texts. */
  #entryFor(
    owner: Fields,
    field: string,
    event: JsonObject,
    allowance: ByteAllowance,
  ): GrowingText | undefined {
    const known = owner[field]
    const list = Array.isArray(known) ? known : []
    owner[field] = list
    const index = Math.min(numberOrZero(event.command_index), list.length)
    const entry = list[index]
    if (entry instanceof GrowingText) return entry
    if (index >= maxEntries || (entry === undefined && !this.#spend(allowance))) return undefined
    const text = continued(entry)
    list[index] = text
    return text
  }

  /** The part that the event names: one that deltas began, one that came with the item, or a new one. */
  #partFor(
    { list, index: name, partType }: PartTarget,
    event: JsonObject,
    allowance: ByteAllowance,
  ): Fields | undefined {
    const index = numberOrZero(event[name])
    const key = `${list} ${index}`
    const known = this.#parts.get(key)
    if (known !== undefined) return known
    const parts = Array.isArray(this.#fields[list]) ? this.#fields[list] : []
    const part = isFields(parts[index]) ? parts[index] : this.#appendPart(parts, partType, allowance)
    if (part === undefined) return undefined
    this.#fields[list] = parts
    this.#parts.set(key, part)
    return part
  }

  #appendPart(parts: Field[], type: string | undefined, allowance: ByteAllowance): Fields | undefined {
    if (!this.#spend(allowance)) return undefined
    const part: Fields = type === undefined ? {} : { type }
    parts.push(part)
    return part
  }

  #spend(allowance: ByteAllowance): boolean {
    const fits = trySpend(allowance, emptyItemBytes)
    if (fits) this.#spent += emptyItemBytes
    return fits
  }

  toJSON(): unknown {
    return this.#fields
  }
}

const isFields = (value: Field): value is Fields => isJsonObject(value) && !(value instanceof GrowingText)

/** The field as a growing text that continues the value it already had. */
function growingText(owner: Fields, field: string): GrowingText {
  const value = owner[field]
  if (value instanceof GrowingText) return value
  const text = continued(value)
  owner[field] = text
  return text
}

function continued(value: Field): GrowingText {
  const text = new GrowingText()
  // Already paid for with the item, and UTF-8 takes at most three bytes per UTF-16 unit.
  if (typeof value === 'string') text.addDelta(value, { left: value.length * 3 })
  return text
}

export const numberOrZero = (value: Json | undefined): number => (typeof value === 'number' ? value : 0)

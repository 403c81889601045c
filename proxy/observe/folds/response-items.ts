import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { sizeOf } from '../capture/size.ts'
import { type Allowance, GrowingText } from '../capture/text.ts'

/** The output items of a response while its events come in. */
export type Items = {
  /** @returns true when the event brought something that the model made */
  add(event: JsonObject): boolean
  read(): readonly Json[]
}

type Growing = { [key: string]: Json | undefined | GrowingText | Growing[] }

/** Where a delta's text belongs: a field of the item, or of a part in one of the item's lists. */
type Place = {
  readonly item: string
  readonly field: string
  readonly list?: 'content' | 'summary'
  readonly part?: string
}

const placeOf: ReadonlyMap<string, Place> = new Map([
  ['response.output_text.delta', inPart('message', 'content', 'output_text', 'text')],
  ['response.refusal.delta', inPart('message', 'content', 'refusal', 'refusal')],
  ['response.audio_transcript.delta', inPart('message', 'content', 'output_audio', 'transcript')],
  ['response.audio.transcript.delta', inPart('message', 'content', 'output_audio', 'transcript')],
  ['response.output_audio_transcript.delta', inPart('message', 'content', 'output_audio', 'transcript')],
  ['response.reasoning_text.delta', inPart('reasoning', 'content', 'reasoning_text', 'text')],
  ['response.reasoning_summary_text.delta', inPart('reasoning', 'summary', 'summary_text', 'text')],
  ['response.function_call_arguments.delta', { item: 'function_call', field: 'arguments' }],
  ['response.custom_tool_call_input.delta', { item: 'custom_tool_call', field: 'input' }],
  ['response.mcp_call_arguments.delta', { item: 'mcp_call', field: 'arguments' }],
  ['response.code_interpreter_call_code.delta', { item: 'code_interpreter_call', field: 'code' }],
])

function inPart(item: string, list: 'content' | 'summary', part: string, field: string): Place {
  return { item, list, part, field }
}

/** Further items are left out; no response has as many. */
const maxItems = 1_024

/** What an item or part costs of the allowance before there is a text in it. */
const frameBytes = 64

/**
 * `spent` is what the item took of the allowance, and gives back when it is replaced; `parts` are those of its
 * parts that grow, by the name of their list and the index that the events give them.
 */
type Slot = { readonly item: Growing; spent: number; readonly parts: Map<string, Growing> }

export function createItems(allowance: Allowance): Items {
  const slots = new Map<number, Slot>()

  function add(event: JsonObject): boolean {
    const index = numberOr(event.output_index, 0)
    if (typeof event.delta === 'string') return addDelta(index, event, event.delta)
    if (event.type === 'response.output_item.added' || event.type === 'response.output_item.done') {
      return isJsonObject(event.item) && setItem(index, event.item)
    }
    return false
  }

  /** `added` brings the item's frame, `done` the whole of it again; what does not fit stays as it was. */
  function setItem(index: number, item: JsonObject): boolean {
    const size = sizeOf(item)
    const room = allowance.left + (slots.get(index)?.spent ?? 0)
    if (size <= room) {
      slots.set(index, { item: { ...item } as Growing, spent: size, parts: new Map() })
      allowance.left = room - size
    }
    return item.type === 'function_call' || item.type === 'custom_tool_call'
  }

  function addDelta(index: number, event: JsonObject, delta: string): boolean {
    const place = placeOf.get(String(event.type))
    if (place === undefined) return false
    const slot = slots.get(index) ?? begin(index, place.item)
    if (slot === undefined) return false
    const holder = place.list === undefined ? slot.item : partOf(slot, place, event)
    if (holder === undefined) return false
    const before = allowance.left
    const made = grown(holder, place.field).add(delta, allowance)
    slot.spent += before - allowance.left
    return made
  }

  function begin(index: number, type: string): Slot | undefined {
    if (slots.size === maxItems || allowance.left < frameBytes) return undefined
    allowance.left -= frameBytes
    const slot: Slot = { item: { type }, spent: frameBytes, parts: new Map() }
    slots.set(index, slot)
    return slot
  }

  /** The part that the event speaks of: one that grows, one that the item's frame had, or a new one. */
  function partOf(slot: Slot, { list = 'content', part }: Place, event: JsonObject): Growing | undefined {
    const at = numberOr(list === 'content' ? event.content_index : event.summary_index, 0)
    const key = `${list} ${at}`
    const known = slot.parts.get(key)
    if (known !== undefined) return known
    const parts = Array.isArray(slot.item[list]) ? (slot.item[list] as Growing[]) : []
    const growing = parts[at] ?? beginPart(slot, parts, part)
    if (growing === undefined) return undefined
    slot.item[list] = parts
    slot.parts.set(key, growing)
    return growing
  }

  function beginPart(slot: Slot, parts: Growing[], type: string | undefined): Growing | undefined {
    if (allowance.left < frameBytes) return undefined
    allowance.left -= frameBytes
    slot.spent += frameBytes
    const growing: Growing = { type }
    parts.push(growing)
    return growing
  }

  return {
    add,
    // GrowingText writes itself as its text.
    read: () => {
      const ordered = [...slots].sort(([a], [b]) => a - b).map(([, { item }]) => item)
      return JSON.parse(JSON.stringify(ordered)) as Json[]
    },
  }
}

/** The field as a growing text, going on from what the frame already had. */
function grown(holder: Growing, field: string): GrowingText {
  const known = holder[field]
  if (known instanceof GrowingText) return known
  const text = new GrowingText()
  if (typeof known === 'string') text.add(known, { left: known.length * 3 })
  holder[field] = text
  return text
}

const numberOr = (value: Json | undefined, other: number): number =>
  typeof value === 'number' ? value : other

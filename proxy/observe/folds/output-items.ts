import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { type ByteAllowance, trySpend } from '../capture/byte-allowance.ts'
import { jsonSize } from '../capture/json-size.ts'
import { deltaTarget } from './delta-target.ts'
import { emptyItemBytes, numberOrZero, OutputItem } from './output-item.ts'

/** The output items of a response while its events come in. */
export type OutputItems = {
  /** @returns true when the event carried something the model generated */
  add(event: JsonObject): boolean
  read(): readonly Json[]
}

/** Further items are dropped; no response has as many. */
const maxItems = 1_024

export function createOutputItems(allowance: ByteAllowance): OutputItems {
  const items = new Map<number, OutputItem>()

  function add(event: JsonObject): boolean {
    const index = numberOrZero(event.output_index)
    if (typeof event.delta === 'string') return addDelta(index, event, event.delta)
    if (event.type === 'response.output_item.added' || event.type === 'response.output_item.done') {
      return isJsonObject(event.item) && setItem(index, event.item)
    }
    return false
  }

  /** `added` carries the item without its content, `done` all of it; one that does not fit replaces nothing. */
  function setItem(index: number, item: JsonObject): boolean {
    const size = jsonSize(item)
    if (trySpend(allowance, size, items.get(index)?.spent)) items.set(index, new OutputItem(item, size))
    return item.type === 'function_call' || item.type === 'custom_tool_call'
  }

  function addDelta(index: number, event: JsonObject, delta: string): boolean {
    const target = deltaTarget(String(event.type))
    if (target === undefined) return false
    const item = items.get(index) ?? beginItem(index, target.itemType)
    return item?.addDelta(target, event, delta, allowance) ?? false
  }

  function beginItem(index: number, type: string): OutputItem | undefined {
    if (items.size === maxItems || !trySpend(allowance, emptyItemBytes)) return undefined
    const item = new OutputItem({ type }, emptyItemBytes)
    items.set(index, item)
    return item
  }

  return {
    add,
    read() {
      const ordered = [...items].sort(([a], [b]) => a - b).map(([, item]) => item)
      return JSON.parse(JSON.stringify(ordered)) as Json[]
    },
  }
}

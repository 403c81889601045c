import type { Json, JsonObject } from '../../../shared/json.ts'
import { type ByteAllowance, trySpend } from '../capture/byte-allowance.ts'
import type { GrowingText } from '../capture/growing-text.ts'
import { jsonSize } from '../capture/json-size.ts'
import { emptyItemBytes, numberOrZero, OutputItem } from './output-item.ts'

/** Output items by the index that events give them, within an allowance. */
export type ItemsByIndex = {
  /** Replaces what was there. @returns false where the item does not fit, and replaces nothing */
  set(index: number, item: JsonObject): boolean
  /** @returns the event's item, begun with the type where there is none; undefined where that does not fit */
  itemFor(event: JsonObject, type: string): OutputItem | undefined
  read(): readonly Json[]
  /** What has grown with deltas, item by item; of one that was replaced, what had grown before. */
  texts(): readonly GrowingText[]
}

/** Further items are dropped; no response has as many. */
const maxItems = 1_024

export function createItemsByIndex(allowance: ByteAllowance): ItemsByIndex {
  const items = new Map<number, OutputItem>()

  return {
    set(index, item) {
      const size = jsonSize(item)
      const fits = trySpend(allowance, size, items.get(index)?.spent)
      if (fits) items.set(index, new OutputItem(item, size, items.get(index)?.texts))
      return fits
    },
    itemFor(event, type) {
      const index = numberOrZero(event.output_index)
      const known = items.get(index)
      if (known !== undefined) return known
      if (items.size === maxItems || !trySpend(allowance, emptyItemBytes)) return undefined
      const item = new OutputItem({ type }, emptyItemBytes)
      items.set(index, item)
      return item
    },
    texts: () => [...items.values()].flatMap((item) => [...item.texts]),
    read() {
      const ordered = [...items].sort(([a], [b]) => a - b).map(([, item]) => item)
      return JSON.parse(JSON.stringify(ordered)) as Json[]
    },
  }
}

import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { type ByteAllowance, trySpend } from '../capture/byte-allowance.ts'
import { jsonSize } from '../capture/json-size.ts'
import { annotatedPart, type DeltaTarget, deltaTarget, shellOutput, wholeTarget } from './delta-target.ts'
import { emptyItemBytes, numberOrZero, OutputItem } from './output-item.ts'

/** What became of an event: kept as something that the model generated, kept, or not kept at all. */
export type Yield = 'generated' | 'kept' | 'nothing'

/** The output items of a response while its events come in. */
export type OutputItems = {
  add(event: JsonObject): Yield
  read(): readonly Json[]
}

/** Further items are dropped; no response has as many. */
const maxItems = 1_024

/** Further fields of a delta are dropped: a shell's output has two. */
const maxDeltaFields = 4

export function createOutputItems(allowance: ByteAllowance): OutputItems {
  const items = new Map<number, OutputItem>()

  function add(event: JsonObject): Yield {
    const type = String(event.type)
    const { delta, item, annotation } = event
    if (typeof delta === 'string') return addDelta(event, deltaTarget(type), delta)
    if (isJsonObject(delta)) return addTexts(event, type, delta)
    if (type === 'response.output_item.added' || type === 'response.output_item.done') {
      return isJsonObject(item) ? setItem(numberOrZero(event.output_index), item) : 'nothing'
    }
    if (isJsonObject(annotation)) return addAnnotation(event, annotation)
    const target = wholeTarget(type)
    return target === undefined ? 'nothing' : complete(event, target)
  }

  /** `added` carries the item without its content, `done` all of it; one that does not fit replaces nothing. */
  function setItem(index: number, item: JsonObject): Yield {
    const size = jsonSize(item)
    const fits = trySpend(allowance, size, items.get(index)?.spent)
    if (fits) items.set(index, new OutputItem(item, size))
    if (item.type === 'function_call' || item.type === 'custom_tool_call') return 'generated'
    return fits ? 'kept' : 'nothing'
  }

  function addDelta(event: JsonObject, target: DeltaTarget | undefined, delta: string): Yield {
    if (target === undefined) return 'nothing'
    const isKept = itemFor(event, target.itemType)?.addDelta(target, event, delta, allowance)
    return isKept ? 'generated' : 'nothing'
  }

  /** A delta that is an object: `{stdout, stderr}` of a shell, `{text}` of some reasoning summaries. */
  function addTexts(event: JsonObject, type: string, delta: JsonObject): Yield {
    const isShell = type === 'response.shell_call_output_content.delta'
    let isKept = false
    for (const [field, text] of Object.entries(delta).slice(0, maxDeltaFields)) {
      if (typeof text !== 'string' || text === '') continue
      const target = isShell ? shellOutput.get(field) : deltaTarget(type)
      isKept = addDelta(event, target, text) === 'generated' || isKept
    }
    // The output of a shell is not the model's.
    if (!isKept) return 'nothing'
    return isShell ? 'kept' : 'generated'
  }

  function addAnnotation(event: JsonObject, annotation: JsonObject): Yield {
    const item = itemFor(event, annotatedPart.itemType)
    return item?.append(annotatedPart, event, annotation, allowance) ? 'kept' : 'nothing'
  }

  /** Some servers send a text only once it is whole. */
  function complete(event: JsonObject, target: DeltaTarget): Yield {
    const whole = event[target.place === 'entry' ? 'command' : target.field]
    if (typeof whole !== 'string' || whole === '') return 'nothing'
    const isNew = itemFor(event, target.itemType)?.complete(target, event, whole, allowance)
    return isNew ? 'generated' : 'kept'
  }

  function itemFor(event: JsonObject, type: string): OutputItem | undefined {
    const index = numberOrZero(event.output_index)
    const known = items.get(index)
    if (known !== undefined) return known
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

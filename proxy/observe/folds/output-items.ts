import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import type { GrowingText } from '../capture/growing-text.ts'
import { truncate } from '../capture/truncate.ts'
import type { AnswerMedia } from './answer-media.ts'
import { annotatedPart, type DeltaTarget, deltaTarget, shellOutput, wholeTarget } from './delta-target.ts'
import { createItemsByIndex } from './items-by-index.ts'
import { numberOrZero } from './output-item.ts'

/** What became of an event: kept as something that the model generated, kept, or not kept at all. */
export type Yield = 'generated' | 'kept' | 'nothing'

/** The output items of a response while its events come in. */
export type OutputItems = {
  add(event: JsonObject): Yield
  read(): readonly Json[]
  /** What has grown with deltas, item by item. */
  texts(): readonly GrowingText[]
}

/** Further fields of a delta are dropped: a shell's output has two. */
const maxDeltaFields = 4

/** Items that have no media, and are most of what comes. */
const textItems: ReadonlySet<Json | undefined> = new Set(['message', 'reasoning', 'function_call'])

/** @param media where the bytes of media go that are kept */
export function createOutputItems(allowance: ByteAllowance, media?: AnswerMedia): OutputItems {
  const items = createItemsByIndex(allowance)

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
    const fits = items.set(index, described(item))
    if (item.type === 'function_call' || item.type === 'custom_tool_call') return 'generated'
    return fits ? 'kept' : 'nothing'
  }

  /** A picture would take all of the allowance as long as it is base64. */
  const described = (item: JsonObject): JsonObject =>
    textItems.has(item.type) ? item : (truncate(item, Number.POSITIVE_INFINITY, media?.take) as JsonObject)

  function addDelta(event: JsonObject, target: DeltaTarget | undefined, delta: string): Yield {
    if (target === undefined) return 'nothing'
    const isKept = items.itemFor(event, target.itemType)?.addDelta(target, event, delta, allowance)
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
    const item = items.itemFor(event, annotatedPart.itemType)
    return item?.append(annotatedPart, event, annotation, allowance) ? 'kept' : 'nothing'
  }

  /** Some servers send a text only once it is whole. */
  function complete(event: JsonObject, target: DeltaTarget): Yield {
    const whole = event[target.place === 'entry' ? 'command' : target.field]
    if (typeof whole !== 'string' || whole === '') return 'nothing'
    const isNew = items.itemFor(event, target.itemType)?.complete(target, event, whole, allowance)
    return isNew ? 'generated' : 'kept'
  }

  return { add, read: items.read, texts: items.texts }
}

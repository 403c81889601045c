import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { CallError } from '../../../shared/record/record.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { boundedName, truncateText } from '../capture/text.ts'
import { createCommonFields } from './common-fields.ts'
import type { Fold, FoldedResponse } from './fold.ts'
import { createOutputItems } from './output-items.ts'
import { isKnownEventType } from './response-events.ts'

const terminalEvents = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
])

const unexplainedFailure: CallError = {
  type: 'response_failed',
  message: 'The response failed and does not say why',
}

/** Unknown event types that are counted separately; further ones count as `other`. */
const maxUnknownTypes = 20

/**
 * The Responses API: a stream of typed events around one `response` object, or that object alone. The terminal
 * event repeats the whole output, which takes precedence over what the deltas added up to; unknown event types are
 * counted and skipped.
 */
export function responsesFold(allowance: ByteAllowance): Fold {
  const common = createCommonFields('generation')
  const partialItems = createOutputItems(allowance)
  const unknown = new Map<string, number>()
  let isRecognized = false
  let ended = false
  let status: string | undefined
  let incompleteReason: string | undefined
  let finalItems: readonly Json[] | undefined

  function add(event: Json): boolean {
    if (!isJsonObject(event)) return false
    if (isJsonObject(event.response)) {
      isRecognized = true
      if (terminalEvents.has(String(event.type))) endWith(event.response)
      else common.add(event.response)
      return false
    }
    if (Array.isArray(event.output)) {
      endWith(event)
      return true
    }
    if (event.type === 'error' || event.error !== undefined) common.add(event)
    if (isKnownEventType(String(event.type))) isRecognized = true
    else countUnknown(event.type)
    return partialItems.add(event)
  }

  function countUnknown(type: Json | undefined): void {
    if (typeof type !== 'string') return
    const isCounted = unknown.has(type) || unknown.size < maxUnknownTypes
    const name = isCounted ? truncateText(type, 100) : 'other'
    unknown.set(name, (unknown.get(name) ?? 0) + 1)
  }

  function endWith(response: JsonObject): void {
    common.add(response)
    isRecognized = true
    ended = true
    status = boundedName(response.status)
    const details = response.incomplete_details
    incompleteReason = isJsonObject(details) ? boundedName(details.reason) : undefined
    if (Array.isArray(response.output) && response.output.length > 0) finalItems = response.output
  }

  function result(): FoldedResponse {
    const items = finalItems ?? partialItems.read()
    const finishReason = incompleteReason ?? status
    const output = { kind: 'items', items, ...omitUndefined({ finishReason }) } as const
    return {
      ...(status === 'failed' && { error: unexplainedFailure }),
      ...common.read(),
      ...((items.length > 0 || ended) && { output }),
      ...(unknown.size > 0 && { unknownEvents: Object.fromEntries(unknown) }),
      ...(!isRecognized && { unrecognized: true }),
      ended,
    }
  }

  return { add, result }
}

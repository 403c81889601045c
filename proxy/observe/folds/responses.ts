import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { CallError } from '../../../shared/record/record.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { boundedName } from '../capture/text.ts'
import type { AnswerMedia } from './answer-media.ts'
import { createCommonFields } from './common-fields.ts'
import type { Fold, FoldedResponse } from './fold.ts'
import { createOutputItems } from './output-items.ts'
import { progressOf } from './progress.ts'
import { createResponseEventCounts } from './response-event-counts.ts'
import { isRunning } from './running-state.ts'

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

const cancelled: CallError = { type: 'response_cancelled', message: 'The response was cancelled' }

/**
 * The Responses API: a stream of typed events around one `response` object, or that object alone. The terminal
 * event repeats the whole output, which takes precedence over what the deltas added up to; unknown event types are
 * counted and skipped.
 */
export function responsesFold(allowance: ByteAllowance, media?: AnswerMedia): Fold {
  const common = createCommonFields('generation')
  const partialItems = createOutputItems(allowance, media)
  const counts = createResponseEventCounts()
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
    const yielded = partialItems.add(event)
    if (typeof event.type === 'string' && counts.add(event.type, event, yielded)) isRecognized = true
    return yielded === 'generated'
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
    const hasEnded = ended && !isRunning(status)
    const finishReason = incompleteReason ?? (hasEnded ? status : undefined)
    const output = { kind: 'items', items, ...omitUndefined({ finishReason }) } as const
    return {
      ...(status === 'failed' && { error: unexplainedFailure }),
      ...(status === 'cancelled' && { error: cancelled }),
      ...common.read(),
      ...((items.length > 0 || hasEnded) && { output }),
      ...counts.read(),
      ...(!isRecognized && { unrecognized: true }),
      ended,
    }
  }

  return { add, result, progress: () => progressOf(partialItems.texts(), common.read().usage) }
}

import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { CallError } from '../../../shared/record/record.ts'
import { errorFrom, isNonEmpty } from '../errors/error.ts'
import { failureReason, finishedWith } from './failure-reasons.ts'

/**
 * The error that an event reports under a status below 400: in `error` at the top level or in a choice
 * (OpenRouter), as an error event, in the status that MiniMax adds to each response, or as a finish reason.
 */
export function eventError(event: JsonObject): CallError | undefined {
  const { error } = event
  if (isNonEmpty(error)) return errorFrom({ error })
  if (error === true || event.type === 'error' || event.object === 'error') return errorFrom(event)
  if (isFailureStatus(event.base_resp)) return errorFrom({ base_resp: event.base_resp })
  return Array.isArray(event.choices) ? choiceError(event.choices) : undefined
}

function choiceError(choices: readonly Json[]): CallError | undefined {
  for (const choice of choices) {
    if (!isJsonObject(choice)) continue
    if (isNonEmpty(choice.error)) return errorFrom({ error: choice.error })
    const reason = failureReason(choice.finish_reason)
    if (reason !== undefined) return finishedWith(reason)
  }
  return undefined
}

/** MiniMax: 0 is success. */
const isFailureStatus = (status: Json | undefined): status is JsonObject =>
  isJsonObject(status) && typeof status.status_code === 'number' && status.status_code !== 0

import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { CallError } from '../../../shared/record/record.ts'
import { errorFrom, hasContent } from '../errors/error.ts'

/**
 * The error that an event of a successful answer tells: under `error`, at the top or in a choice (OpenRouter),
 * as an event that is one itself, as the status that MiniMax puts into each answer, or as the reason why the
 * model stopped.
 */
export function eventError(event: JsonObject): CallError | undefined {
  const { error } = event
  if (hasContent(error)) return errorFrom({ error })
  if (error === true || event.type === 'error' || event.object === 'error') return errorFrom(event)
  if (isRefused(event.base_resp)) return errorFrom({ base_resp: event.base_resp })
  return Array.isArray(event.choices) ? toldByChoice(event.choices) : undefined
}

function toldByChoice(choices: readonly Json[]): CallError | undefined {
  for (const choice of choices) {
    if (!isJsonObject(choice)) continue
    if (hasContent(choice.error)) return errorFrom({ error: choice.error })
    if (choice.finish_reason === 'error') return stopped
  }
  return undefined
}

/** MiniMax: 0 is success. */
const isRefused = (status: Json | undefined): status is JsonObject =>
  isJsonObject(status) && typeof status.status_code === 'number' && status.status_code !== 0

const stopped: CallError = { type: 'error', message: 'The model stopped with the finish reason "error"' }

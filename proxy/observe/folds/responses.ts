import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { CallError } from '../../../shared/record/record.ts'
import { type Allowance, cut, nameOf } from '../capture/text.ts'
import { createFacts } from './facts.ts'
import type { Answer, Fold } from './fold.ts'
import { isKnownEvent } from './response-events.ts'
import { createItems } from './response-items.ts'

const terminalEvents = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
])

const failedSilently: CallError = {
  type: 'response_failed',
  message: 'The response failed and does not say why',
}

/** Types of unknown events that are counted each by itself. */
const maxUnknown = 20

/**
 * The Responses API: a stream of typed events around one `response` object, or that object alone. The
 * terminal event repeats the whole output, which is taken before what was put together from the pieces;
 * event types not known here are counted and passed over.
 */
export function responsesFold(allowance: Allowance): Fold {
  const facts = createFacts()
  const pieces = createItems(allowance)
  const unknown = new Map<string, number>()
  let ended = false
  let status: string | undefined
  let reason: string | undefined
  let whole: readonly Json[] | undefined

  function event(data: Json): boolean {
    if (!isJsonObject(data)) return false
    if (isJsonObject(data.response)) {
      if (terminalEvents.has(String(data.type))) endWith(data.response)
      else facts.see(data.response)
      return false
    }
    if (Array.isArray(data.output)) {
      endWith(data)
      return true
    }
    if (data.type === 'error' || data.error !== undefined) facts.see(data)
    countUnknown(data.type)
    return pieces.add(data)
  }

  function countUnknown(type: Json | undefined): void {
    if (typeof type !== 'string' || isKnownEvent(type)) return
    const name = unknown.has(type) || unknown.size < maxUnknown ? cut(type, 100) : 'other'
    unknown.set(name, (unknown.get(name) ?? 0) + 1)
  }

  function endWith(response: JsonObject): void {
    facts.see(response)
    ended = true
    status = nameOf(response.status)
    reason = isJsonObject(response.incomplete_details)
      ? nameOf(response.incomplete_details.reason)
      : undefined
    if (Array.isArray(response.output) && response.output.length > 0) whole = response.output
  }

  function answer(): Answer {
    const list = whole ?? pieces.read()
    const finishReason = reason ?? status
    const items = { kind: 'items', items: list, ...omitUndefined({ finishReason }) } as const
    const output = list.length === 0 && !ended ? undefined : items
    const counts = unknown.size > 0 && { unknownEvents: Object.fromEntries(unknown) }
    const silent = status === 'failed' && { error: failedSilently }
    return { ...silent, ...facts.read(), ...(output && { output }), ...counts, ended }
  }

  return { event, answer }
}

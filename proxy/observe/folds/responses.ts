import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { Allowance } from '../capture/text.ts'
import { createFacts } from './facts.ts'
import type { Answer, Fold } from './fold.ts'
import { createItems } from './response-items.ts'

const terminalEvents = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
])

/**
 * The Responses API: a stream of typed events around one `response` object, or that object alone. The
 * terminal event repeats the whole output, which is taken before what was put together from the pieces;
 * event types not known here are passed over.
 */
export function responsesFold(allowance: Allowance): Fold {
  const facts = createFacts()
  const items = createItems(allowance)
  let ended = false
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
    return items.add(data)
  }

  function endWith(response: JsonObject): void {
    facts.see(response)
    ended = true
    if (Array.isArray(response.output) && response.output.length > 0) whole = response.output
  }

  function answer(): Answer {
    const list = whole ?? items.read()
    const output = list.length === 0 && !ended ? undefined : ({ kind: 'items', items: list } as const)
    return { ...facts.read(), ...(output && { output }), ended }
  }

  return { event, answer }
}

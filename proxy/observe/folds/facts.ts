import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { CallError } from '../../../shared/record/record.ts'
import type { Usage } from '../../../shared/record/usage.ts'
import { errorFrom } from '../error.ts'
import { type Present, present } from '../present.ts'
import { readUsage } from '../usage.ts'

/** What every dialect tells in the same places, gathered over all events of an answer. */
export type Facts = {
  see(event: JsonObject): void
  read(): Present<Gathered> & { readonly usage: Usage }
}

type Gathered = {
  readonly model: string | undefined
  readonly id: string | undefined
  readonly error: CallError | undefined
}

/**
 * The model is the last one named, as routers name their alias first; the id is the first one given, as some
 * providers make one per chunk. Azure opens its streams with both empty.
 */
export function createFacts(): Facts {
  let model: string | undefined
  let id: string | undefined
  let error: CallError | undefined
  let usage: JsonObject | undefined
  let nestedUsage: JsonObject | undefined

  return {
    see(event) {
      if (typeof event.model === 'string' && event.model !== '') model = event.model
      if (id === undefined && typeof event.id === 'string' && event.id !== '') id = event.id
      if (isJsonObject(event.usage)) usage = event.usage
      else nestedUsage = usageWithin(event) ?? nestedUsage
      error ??= errorWithin(event)
    },
    read: () => ({ ...present({ model, id, error }), usage: readUsage(usage ?? nestedUsage) }),
  }
}

/** Groq puts usage into `x_groq`, Moonshot into the choice, Cohere into `meta.tokens`. */
function usageWithin(event: JsonObject): JsonObject | undefined {
  const choice = firstOf(event.choices)
  for (const holder of [event.x_groq, choice]) {
    if (isJsonObject(holder) && isJsonObject(holder.usage)) return holder.usage
  }
  return isJsonObject(event.meta) && isJsonObject(event.meta.tokens) ? event.meta.tokens : undefined
}

/** `error` at the top or in the choice (OpenRouter), and the Responses API's event of type `error`. */
function errorWithin(event: JsonObject): CallError | undefined {
  const choice = firstOf(event.choices)
  const told = event.error ?? (isJsonObject(choice) ? choice.error : undefined)
  if (told !== undefined && told !== null) return errorFrom({ error: told })
  return event.type === 'error' ? errorFrom(event) : undefined
}

const firstOf = (list: Json | undefined): Json | undefined => (Array.isArray(list) ? list[0] : undefined)

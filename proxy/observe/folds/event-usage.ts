import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'

/** The usage objects of an answer's events, of which one counts. */
export type EventUsage = {
  see(event: JsonObject): void
  read(): JsonObject | undefined
}

/**
 * The last usage that says anything counts, as it is cumulative where it comes more than once; an empty one, or
 * one of zeros alone, does not replace it. `usage` at the top goes before the places below.
 */
export function createEventUsage(): EventUsage {
  let top: JsonObject | undefined
  let nested: JsonObject | undefined

  return {
    see(event) {
      if (isJsonObject(event.usage)) top = fuller(top, event.usage)
      else nested = fuller(nested, usageWithin(event))
    },
    read: () => (top === undefined ? nested : fuller(nested, top)),
  }
}

const fuller = (known: JsonObject | undefined, next: JsonObject | undefined): JsonObject | undefined =>
  next !== undefined && (known === undefined || saysAnything(next)) ? next : known

const isCount = (told: Json | undefined): boolean => typeof told === 'number' && told > 0

const saysAnything = (usage: JsonObject): boolean =>
  Object.values(usage).some(
    (told) => isCount(told) || (isJsonObject(told) && Object.values(told).some(isCount)),
  )

/** Groq puts usage into `x_groq`, Moonshot into the choice, Cohere into `meta.tokens`. */
function usageWithin(event: JsonObject): JsonObject | undefined {
  if (event.x_groq === undefined && event.choices === undefined && event.meta === undefined) return undefined
  const choice: Json | undefined = Array.isArray(event.choices) ? event.choices[0] : undefined
  for (const holder of [event.x_groq, choice]) {
    if (isJsonObject(holder) && isJsonObject(holder.usage)) return holder.usage
  }
  return isJsonObject(event.meta) && isJsonObject(event.meta.tokens) ? event.meta.tokens : undefined
}

import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'

/** Picks one of the usage objects in a response's events. */
export type EventUsage = {
  add(event: JsonObject): void
  read(): JsonObject | undefined
}

/**
 * The last usage with a count in it wins, as usage that comes more than once is cumulative; an empty one, or one
 * of zeros only, does not replace it. `usage` at the top level takes precedence over nested ones.
 */
export function createEventUsage(): EventUsage {
  let top: JsonObject | undefined
  let nested: JsonObject | undefined

  return {
    add(event) {
      if (isJsonObject(event.usage)) top = preferCounted(top, event.usage)
      else nested = preferCounted(nested, nestedUsage(event))
    },
    read: () => (top === undefined ? nested : preferCounted(nested, top)),
  }
}

const preferCounted = (
  known: JsonObject | undefined,
  next: JsonObject | undefined,
): JsonObject | undefined => (next !== undefined && (known === undefined || hasCounts(next)) ? next : known)

const isCount = (value: Json | undefined): boolean => typeof value === 'number' && value > 0

const hasCounts = (usage: JsonObject): boolean =>
  Object.values(usage).some(
    (value) => isCount(value) || (isJsonObject(value) && Object.values(value).some(isCount)),
  )

/** Groq sends usage in `x_groq`, Moonshot in the choice, Cohere in `meta.tokens`. */
function nestedUsage(event: JsonObject): JsonObject | undefined {
  if (event.x_groq === undefined && event.choices === undefined && event.meta === undefined) return undefined
  const choice: Json | undefined = Array.isArray(event.choices) ? event.choices[0] : undefined
  for (const parent of [event.x_groq, choice]) {
    if (isJsonObject(parent) && isJsonObject(parent.usage)) return parent.usage
  }
  return isJsonObject(event.meta) && isJsonObject(event.meta.tokens) ? event.meta.tokens : undefined
}

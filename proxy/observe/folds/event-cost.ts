import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { amountOf } from '../usage/cost.ts'

/** The cost that a response reports outside of its usage. */
export type EventCost = {
  add(event: JsonObject): void
  /** @returns USD */
  read(): number | undefined
}

/**
 * `cost` beside the usage (Venice), or in `provider_metadata.gateway` of a choice (Vercel's gateway, as text). The last
 * one wins, as it is that of the whole.
 */
export function createEventCost(): EventCost {
  let cost: number | undefined

  return {
    add(event) {
      cost =
        amountOf(event.cost) ?? (Array.isArray(event.choices) ? inChoices(event.choices) : undefined) ?? cost
    },
    read: () => cost,
  }
}

function inChoices(choices: readonly Json[]): number | undefined {
  for (const choice of choices) {
    if (!isJsonObject(choice)) continue
    const parent = isJsonObject(choice.message) ? choice.message : choice.delta
    const metadata = isJsonObject(parent) ? parent.provider_metadata : undefined
    if (!isJsonObject(metadata) || !isJsonObject(metadata.gateway)) continue
    return amountOf(metadata.gateway.cost)
  }
  return undefined
}

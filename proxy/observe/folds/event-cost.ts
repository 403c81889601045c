import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { amountOf } from '../usage/cost.ts'

/** The cost that a response reports outside of its usage. */
export type EventCost = {
  add(event: JsonObject): void
  /** @returns USD */
  read(): number | undefined
}

/**
 * `cost`, or another name of it, beside the usage (Venice), or in `provider_metadata.gateway` of a choice (Vercel's gateway,
 * as text). The last one wins, as it is that of the whole.
 */
export function createEventCost(): EventCost {
  let cost: number | undefined

  return {
    add(event) {
      const beside = amountOf(event.cost) ?? amountOf(event.total_cost) ?? amountOf(event.estimated_cost)
      cost =
        beside ??
        inMetadata(event) ??
        (Array.isArray(event.choices) ? inChoices(event.choices) : undefined) ??
        cost
    },
    read: () => cost,
  }
}

function inChoices(choices: readonly Json[]): number | undefined {
  for (const choice of choices) {
    if (!isJsonObject(choice)) continue
    const found = inMetadata(isJsonObject(choice.message) ? choice.message : choice.delta)
    if (found !== undefined) return found
  }
  return undefined
}

function inMetadata(parent: Json | undefined): number | undefined {
  const metadata = isJsonObject(parent) ? parent.provider_metadata : undefined
  return isJsonObject(metadata) && isJsonObject(metadata.gateway)
    ? amountOf(metadata.gateway.cost)
    : undefined
}

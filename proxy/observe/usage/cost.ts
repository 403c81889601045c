import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'

/** xAI bills in ticks: an image of $0.02 costs 200,000,000. */
const ticksPerUsd = 10_000_000_000

/**
 * The cost that the provider reports: `cost` (OpenRouter, Vercel), `cost.total_cost` (Perplexity), `estimated_cost`
 * (DeepInfra), `cost_in_usd_ticks` (xAI).
 * @param usage the usage object as the provider sent it
 * @returns USD
 */
export function readCost(usage: JsonObject): number | undefined {
  const cost = amountOf(usage.cost)
  if (cost !== undefined) return cost + ownKeyCost(usage)
  const ticks = numberOf(usage.cost_in_usd_ticks)
  return (
    amountOf(usage.total_cost) ??
    amountOf(usage.estimated_cost) ??
    (ticks === undefined ? undefined : ticks / ticksPerUsd)
  )
}

/**
 * @returns USD from a number, a text of one, or an object that holds the total; undefined where it is none of them, or in
 * another currency
 */
export function amountOf(value: Json | undefined): number | undefined {
  if (!isJsonObject(value)) return numberOf(value)
  if (typeof value.currency === 'string' && !/^usd$/i.test(value.currency)) return undefined
  return numberOf(value.total_cost) ?? numberOf(value.total) ?? numberOf(value.usd) ?? numberOf(value.amount)
}

/**
 * Where OpenRouter calls a provider with the user's own key, `cost` is its fee alone, and the provider's charge is
 * reported separately (https://openrouter.ai/docs/use-cases/usage-accounting).
 */
function ownKeyCost({ is_byok: ownKey, cost_details: details }: JsonObject): number {
  const upstream = isJsonObject(details) ? details.upstream_inference_cost : undefined
  return ownKey === true ? (numberOf(upstream) ?? 0) : 0
}

function numberOf(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' ? numberIn(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined
}

/** `0.0012`, `$0.0012`, `0.0012 USD` */
function numberIn(text: string): number | undefined {
  const [, digits] = /^\s*\$?\s*(\d[\d.e+-]*)(?:\s*usd)?\s*$/i.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits)
}

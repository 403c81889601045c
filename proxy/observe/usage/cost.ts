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
  const cost = isJsonObject(usage.cost) ? usage.cost.total_cost : usage.cost
  if (isAmount(cost)) return cost + ownKeyCost(usage)
  const amount = [usage.total_cost, usage.estimated_cost].find(isAmount)
  if (amount !== undefined) return amount
  return isAmount(usage.cost_in_usd_ticks) ? usage.cost_in_usd_ticks / ticksPerUsd : undefined
}

/**
 * Where OpenRouter calls a provider with the user's own key, `cost` is its fee alone, and the provider's charge is
 * reported separately (https://openrouter.ai/docs/use-cases/usage-accounting).
 */
function ownKeyCost({ is_byok: ownKey, cost_details: details }: JsonObject): number {
  const upstream = isJsonObject(details) ? details.upstream_inference_cost : undefined
  return ownKey === true && isAmount(upstream) ? upstream : 0
}

const isAmount = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

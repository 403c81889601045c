import { isJsonObject, type Json, parseJson } from '../../json.ts'
import type { Usage } from './observation.ts'
import { priceOf } from './prices.ts'

const openAiKeys = new Set([
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'prompt_tokens_details',
  'completion_tokens_details',
])

/**
 * Usage as the server records it. OpenAI's own object is recognised only without any other key; with one, its
 * three sums become usage types of their own and are added up once more. Floats are dropped.
 */
export function recordedUsage(usage: Json | undefined): Usage['details'] {
  if (!isJsonObject(usage)) return {}
  const keys = Object.keys(usage)
  if ('prompt_tokens' in usage && keys.every((key) => openAiKeys.has(key))) return fromOpenAi(usage)
  const details = Object.fromEntries(
    Object.entries(usage).flatMap(([key, count]) => (isCount(count) ? [[key, count]] : [])),
  )
  if (Object.keys(details).length === 0 || 'total' in details) return details
  return { ...details, total: Object.values(details).reduce((sum, count) => sum + count, 0) }
}

function fromOpenAi(usage: { readonly [key: string]: Json | undefined }): Usage['details'] {
  const details: Record<string, number> = {}
  for (const [name, key, parts] of [
    ['input', 'prompt_tokens', 'prompt_tokens_details'],
    ['output', 'completion_tokens', 'completion_tokens_details'],
  ] as const) {
    const whole = usage[key]
    let remaining = isCount(whole) ? whole : 0
    const partCounts = usage[parts]
    for (const [part, count] of Object.entries(isJsonObject(partCounts) ? partCounts : {})) {
      if (!isCount(count)) continue
      details[`${name}_${part}`] = count
      remaining -= count
    }
    details[name] = Math.max(0, remaining)
  }
  return isCount(usage.total_tokens) ? { ...details, total: usage.total_tokens } : details
}

const isCount = (count: unknown): count is number =>
  typeof count === 'number' && Number.isInteger(count) && count >= 0

/**
 * The server counts the tokens of a known model without usage, of any type of observation: here roughly four characters
 * each. It does not where a cost is provided.
 */
export function usageOrEstimate(
  details: Usage['details'],
  model: string | null,
  content: readonly [input: Json, output: Json],
  cost: Json | undefined,
): Usage {
  if (Object.keys(details).length > 0) return { source: 'provided', details }
  if (priceOf(model) === undefined || providedCosts(cost).length > 0) return { source: 'none', details }
  const [input, output] = content.map(tokensOf) as [number, number]
  return { source: 'estimated', details: { input, output, total: input + output } }
}

function tokensOf(content: Json): number {
  const text = typeof content === 'string' ? content : content === null ? '' : JSON.stringify(content)
  return Math.ceil(text.length / 4)
}

/**
 * @returns the provided cost, or the cost by the price list. Any provided cost wins as a whole; its total is summed up
 * only where there is nothing but input and output, and is missing from every sum otherwise
 */
export function costOf(
  cost: Json | undefined,
  { details }: Usage,
  model: string | null,
  parameters?: Json,
): Readonly<Record<string, number>> {
  const provided = providedCosts(cost)
  if (provided.length > 0) {
    const isSummed = provided.every(([key]) => key === 'input' || key === 'output')
    return isSummed ? withTotal(provided) : Object.fromEntries(provided)
  }
  const { service_tier: serviceTier, speed } = isJsonObject(parameters) ? parameters : {}
  const tier = speed ?? serviceTier
  const price = priceOf(model, typeof tier === 'string' ? tier : undefined) ?? {}
  const costs = Object.entries(details).flatMap(([key, count]): [string, number][] => {
    const perToken = price[key]
    return perToken === undefined ? [] : [[key, rounded(count * perToken)]]
  })
  return costs.length === 0 ? {} : withTotal(costs)
}

function providedCosts(cost: Json | undefined): readonly [string, number][] {
  const entries = isJsonObject(cost) ? Object.entries(cost) : []
  return entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number')
}

function withTotal(costs: readonly [string, number][]): Readonly<Record<string, number>> {
  const sum = costs.reduce((all, [key, cost]) => (key === 'total' ? all : all + cost), 0)
  return { total: rounded(sum), ...Object.fromEntries(costs) }
}

export const rounded = (usd: number): number => Number(usd.toPrecision(12))

/** @returns undefined for anything but a JSON string */
export const parsed = (text: unknown): Json | undefined =>
  typeof text === 'string' ? parseJson(text) : undefined

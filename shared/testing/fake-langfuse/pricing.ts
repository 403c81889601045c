import { isJsonObject, type Json, parseJson } from '../../json.ts'
import type { Usage } from './observation.ts'

/** USD per token, by usage type, as read back from real servers. A type that is not listed costs nothing. */
const prices: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'gpt-4o-mini': { input: 1.5e-7, output: 6e-7, input_cached_tokens: 7.5e-8 },
}

export const priceOf = (model: string | null): Readonly<Record<string, number>> | undefined =>
  Object.entries(prices).find(([name]) => model === name || model?.startsWith(`${name}-`))?.[1]

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

/** The server counts the tokens of a known model without usage: here roughly four characters each. */
export function usageOrEstimate(
  details: Usage['details'],
  model: string | null,
  input: Json,
  output: Json,
): Usage {
  if (Object.keys(details).length > 0) return { source: 'provided', details }
  if (priceOf(model) === undefined) return { source: 'none', details }
  const counts = { input: tokensOf(input), output: tokensOf(output) }
  return { source: 'estimated', details: { ...counts, total: counts.input + counts.output } }
}

function tokensOf(content: Json): number {
  const text = typeof content === 'string' ? content : content === null ? '' : JSON.stringify(content)
  return Math.ceil(text.length / 4)
}

/** @returns the provided cost, with a total, or the cost by the price list */
export function costOf(
  cost: Json | undefined,
  { details }: Usage,
  model: string | null,
): Readonly<Record<string, number>> {
  const provided = isJsonObject(cost)
    ? Object.entries(cost).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    : []
  if (provided.length > 0) return withTotal(provided)
  const price = priceOf(model) ?? {}
  const costs = Object.entries(details).flatMap(([key, count]): [string, number][] => {
    const perToken = price[key]
    return perToken === undefined ? [] : [[key, rounded(count * perToken)]]
  })
  return costs.length === 0 ? {} : withTotal(costs)
}

function withTotal(costs: readonly [string, number][]): Readonly<Record<string, number>> {
  const sum = costs.reduce((all, [key, cost]) => (key === 'total' ? all : all + cost), 0)
  return { total: rounded(sum), ...Object.fromEntries(costs) }
}

export const rounded = (usd: number): number => Number(usd.toPrecision(12))

/** @returns undefined for anything but a JSON string */
export const parsed = (text: unknown): Json | undefined =>
  typeof text === 'string' ? parseJson(text) : undefined

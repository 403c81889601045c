import { inclusiveUsage, shortCacheWrite, tokenCount } from '../record/inclusive-usage.ts'
import type { InferenceRecord } from '../record/record.ts'
import type { TokenCounts } from '../record/usage.ts'
import { builtInPrices } from './built-in-prices.ts'
import { type ModelPrice, type PriceList, priceFinder } from './price-list.ts'

/** What a call cost in USD: as the provider billed it, or by the list prices of a day (`2026-08-22`). */
export type Cost =
  | { readonly usd: number; readonly source: 'provider' }
  | {
      readonly usd: number
      readonly source: 'price_list'
      readonly date: string
      /** Set where token counts are estimated too; of a sum, those of at least one call. */
      readonly estimated?: true
    }

/** What the cost of a call depends on. */
export type PricedRecord = Pick<InferenceRecord, 'usage' | 'operation' | 'request' | 'response' | 'fetched'>

/** @returns undefined where neither the provider nor a list says it, and for what another call has generated */
export type CostOf = (record: PricedRecord) => Cost | undefined

/** @param ownPrices PRICES_FILE; it takes precedence over the built-in list, model by model */
export function createCostOf(ownPrices?: PriceList): CostOf {
  const findPrice = priceFinder([...(ownPrices === undefined ? [] : [ownPrices]), builtInPrices])

  return ({ usage, operation, request, response, fetched }) => {
    if (fetched !== undefined || usage.provenance === 'missing') return undefined
    if (usage.provenance === 'provider' && usage.cost !== undefined && usage.cost >= 0) {
      return { usd: usage.cost, source: 'provider' }
    }
    const model = response.model ?? request.model
    const found = findPrice(model ?? '') ?? findPrice(request.model ?? '')
    if (found === undefined) return undefined
    const usd = listCost(usage, operation, found.price, tierOf(response))
    if (usd === undefined) return undefined
    const estimated = usage.provenance === 'estimated' && { estimated: true as const }
    return { usd, source: 'price_list', date: found.list.date, ...estimated }
  }
}

/** Anthropic's fast mode has a price of its own at any tier. */
const tierOf = ({ serviceTier, speed }: PricedRecord['response']): string | undefined =>
  speed === 'fast' ? speed : serviceTier

/** @returns USD; undefined where no tokens are known */
function listCost(
  usage: TokenCounts,
  operation: InferenceRecord['operation'],
  price: ModelPrice,
  tier = 'default',
): number | undefined {
  const { input, output, cachedInput } = inclusiveUsage(usage, operation)
  if (input === undefined && output === undefined) return undefined
  const isLong = price.longContext !== undefined && (input ?? 0) > price.longContext.over
  const inputUsd = wholeCost(input ?? 0, price.input, [
    [cachedInput, price.cachedInput],
    [usage.cacheWrite1h, price.cacheWrite1h ?? price.cacheWrite],
    [shortCacheWrite(usage), price.cacheWrite],
    [usage.audioInput, price.audioInput],
    [usage.imageInput, price.imageInput],
  ])
  const outputUsd = wholeCost(output ?? 0, price.output, [
    [usage.audioOutput, price.audioOutput],
    [usage.imageOutput, price.imageOutput],
  ])
  const ofInput = isLong ? (price.longContext?.input ?? 1) : 1
  const ofOutput = isLong ? (price.longContext?.output ?? 1) : 1
  return (inputUsd * ofInput + outputUsd * ofOutput) * (price.serviceTiers?.[tier] ?? 1)
}

type PricedPart = readonly [count: number | undefined, usdPerMillion: number | undefined]

/** Parts may overlap (cached audio), so that each takes at most what remains of the whole. @returns USD */
function wholeCost(whole: number, usdPerMillion: number, parts: readonly PricedPart[]): number {
  let remaining = whole
  let usd = 0
  for (const [count, partPrice] of parts) {
    if (partPrice === undefined) continue
    const tokens = Math.min(tokenCount(count) ?? 0, remaining)
    remaining -= tokens
    usd += tokens * partPrice
  }
  return (usd + remaining * usdPerMillion) / 1_000_000
}

import { readFileSync } from 'node:fs'
import { reasonOf } from '../error-cause.ts'
import { isJsonObject, type Json, type JsonObject, parseJson } from '../json.ts'
import type { LongContext, ModelPrice, PriceList } from './price-list.ts'

/** Prices of a model in a file, and what they are called in the program. */
const prices = {
  input: 'input',
  output: 'output',
  cached_input: 'cachedInput',
  cache_write: 'cacheWrite',
  cache_write_1h: 'cacheWrite1h',
  audio_input: 'audioInput',
  image_input: 'imageInput',
  audio_output: 'audioOutput',
  image_output: 'imageOutput',
} as const

const otherFields = ['model', 'service_tiers', 'long_context']

/**
 * Reads PRICES_FILE.
 * @param path of a JSON file, as docs/prices.md describes it
 * @throws Error whose message completes "PRICES_FILE must be ..."
 */
export function readPriceFile(path: string): PriceList {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(`a file of prices that can be read (${reasonOf(cause)})`, { cause })
  }
  return parsePriceList(text)
}

/** @throws Error whose message completes "PRICES_FILE must be ..." and names the first wrong entry */
export function parsePriceList(text: string): PriceList {
  const file = parseJson(text)
  if (!isJsonObject(file) || !Array.isArray(file.models)) {
    throw new Error(
      'a JSON file {"source": ..., "date": ..., "models": [...]} as docs/prices.md describes it',
    )
  }
  const { source, date } = file
  if (typeof date !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(date)) {
    throw new Error('a file of prices whose "date" is a day like "2026-08-22"')
  }
  return {
    source: typeof source === 'string' ? source : 'PRICES_FILE',
    date,
    models: file.models.map(readModel),
  }
}

function readModel(entry: Json, index: number): ModelPrice {
  const { model, service_tiers: tiers, long_context: long, ...rest } = isJsonObject(entry) ? entry : {}
  if (typeof model !== 'string' || model === '')
    throw new Error(`a file whose models[${index}] has a "model"`)
  const unknown = Object.keys(rest).find((key) => !Object.hasOwn(prices, key))
  if (unknown !== undefined) {
    const known = [...Object.keys(prices), ...otherFields].join(', ')
    throw new Error(`a file that knows of "${model}" only ${known}: it has "${unknown}"`)
  }
  const amounts = amountsOf(rest, model, '')
  const { input, output } = amounts
  if (input === undefined || output === undefined) throw missing(model, '"input" and "output"')
  const named = Object.entries(amounts).map(([key, usd]) => [prices[key as keyof typeof prices], usd])
  return {
    ...(Object.fromEntries(named) as Omit<ModelPrice, 'model'>),
    model: model.toLowerCase(),
    ...(tiers !== undefined && { serviceTiers: amountsOf(tiers, model, 'service_tiers.') }),
    ...(long !== undefined && { longContext: readLongContext(long, model) }),
  }
}

function readLongContext(value: Json, model: string): LongContext {
  const { over, input, output } = amountsOf(value, model, 'long_context.')
  if (over === undefined || input === undefined || output === undefined) {
    throw missing(model, 'long_context: "over", "input" and "output"')
  }
  return { over, input, output }
}

function amountsOf(value: Json, model: string, prefix: string): Readonly<Record<string, number>> {
  const entries = Object.entries(isJsonObject(value) ? (value as JsonObject) : {})
  for (const [key, amount] of entries) {
    if (typeof amount === 'number' && amount >= 0) continue
    throw new Error(`a file whose "${prefix}${key}" of "${model}" is a number from 0 on`)
  }
  return Object.fromEntries(entries) as Record<string, number>
}

const missing = (model: string, what: string) => new Error(`a file that says of "${model}" also ${what}`)

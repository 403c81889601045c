/** What one model costs, in USD per million tokens. A part without a price of its own costs what the whole does. */
export type ModelPrice = {
  /** Its name, in lower case; `*` stands for any characters. */
  readonly model: string
  readonly input: number
  readonly output: number
  /** Part of the input: read from the provider's cache. */
  readonly cachedInput?: number
  /** Part of the input: written to the provider's cache, for some minutes. */
  readonly cacheWrite?: number
  /** Part of the input: written to the provider's cache, for an hour. */
  readonly cacheWrite1h?: number
  readonly audioInput?: number
  readonly imageInput?: number
  readonly audioOutput?: number
  readonly imageOutput?: number
  /** Multiplies every price, by the tier that served the call: `{"flex": 0.5, "priority": 2}`. */
  readonly serviceTiers?: Readonly<Record<string, number>>
  readonly longContext?: LongContext
}

/** Multiplies the prices of calls with more input than `over` tokens. */
export type LongContext = { readonly over: number; readonly input: number; readonly output: number }

/** Prices and where they are from. The first model that matches counts. */
export type PriceList = {
  readonly source: string
  /** The day on which the source said so: `2026-08-22`. */
  readonly date: string
  readonly models: readonly ModelPrice[]
}

/** Finds the price of a model in the first list that has it. */
export type FindPrice = (
  model: string,
) => { readonly price: ModelPrice; readonly list: PriceList } | undefined

/** Distinct model names whose price is remembered; callers can make up any number of them. */
const maxRemembered = 1_000

/** @param lists in order of precedence */
export function priceFinder(lists: readonly PriceList[]): FindPrice {
  const remembered = new Map<string, ReturnType<FindPrice>>()
  const rows = lists.flatMap((list) =>
    list.models.map((price) => ({ price, list, pattern: patternOf(price.model) })),
  )

  function find(model: string): ReturnType<FindPrice> {
    const names = namesOf(model)
    const row = rows.find(({ pattern }) => names.some((name) => pattern.test(name)))
    return row && { price: row.price, list: row.list }
  }

  return (model) => {
    if (remembered.has(model)) return remembered.get(model)
    const found = find(model)
    if (remembered.size >= maxRemembered) remembered.clear()
    remembered.set(model, found)
    return found
  }
}

function patternOf(model: string): RegExp {
  const parts = model.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 'i')
}

/**
 * A model goes by many names: `openai/gpt-4o` and `azure/gpt-4o` of routers, `models/gemini-2.5-pro`,
 * `us.anthropic.claude-sonnet-4-5-20250929-v1:0` of Bedrock, `claude-sonnet-4-5@20250929` of Vertex, and with the date
 * of its release.
 * @returns the name as it is, without its prefixes, and without its date
 */
function namesOf(model: string): readonly string[] {
  const name = model.trim().toLowerCase()
  const base = name
    .replace(/^.*\//, '')
    .replace(/^(?:[a-z]{2,6}\.)?anthropic\./, '')
    .replace(/-v\d+(?::\d+)?$/, '')
  const undated = base.replace(/[-@](?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$/, '')
  return [name, base, undated]
}

import { isJsonObject, type Json } from '../../shared/json.ts'

/**
 * A lone surrogate makes Langfuse's ClickHouse refuse a whole insert, other requests' records included, after
 * the request got its 200 (measured on 4.16.0). It comes from truncated text, or from a model.
 * @returns the text with U+FFFD in place of lone surrogates
 */
export const toWellFormed = (text: string): string => text.toWellFormed()

/** @returns the value as JSON, without lone surrogates in any of its strings or keys */
export function stringifyWellFormed(value: Json): string {
  const text = JSON.stringify(value)
  // JSON.stringify escapes lone surrogates, and nothing else of that range (ECMA-262, QuoteJSONString).
  return /\\ud[89a-f]/.test(text) ? JSON.stringify(mapStrings(value, toWellFormed)) : text
}

/** @returns the value with every string and key mapped */
export function mapStrings(value: Json, map: (text: string) => string): Json {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item: Json) => mapStrings(item, map))
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [[map(key), mapStrings(item, map)]],
  )
  return Object.fromEntries(entries)
}

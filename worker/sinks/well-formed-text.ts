import { isJsonObject, type Json } from '../../shared/json.ts'

/**
 * Half of a character makes Langfuse's ClickHouse refuse a whole insert, other requests' records included,
 * after the sender was told 200 (measured on 4.16.0). It comes from text that was cut, or from a model.
 * @returns the text with U+FFFD in place of lone surrogates
 */
export const wellFormed = (text: string): string => text.toWellFormed()

/** @returns the value's JSON text, without lone surrogates in any of its strings or keys */
export function wellFormedJson(value: Json): string {
  const text = JSON.stringify(value)
  // JSON.stringify escapes lone surrogates, and nothing else of that range (ECMA-262, QuoteJSONString).
  return /\\ud[89a-f]/.test(text) ? JSON.stringify(mapText(value, wellFormed)) : text
}

/** @returns the value with every string and key mapped */
export function mapText(value: Json, map: (text: string) => string): Json {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item: Json) => mapText(item, map))
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [[map(key), mapText(item, map)]],
  )
  return Object.fromEntries(entries)
}

import { isJsonObject, type Json, parseJson } from '../../../json.ts'

/**
 * Langfuse's page parses every string that is JSON, at any depth, numbers apart (packages/shared/src/utils/json.ts,
 * 4.16.0): the text `true` becomes a boolean, and no message has a boolean as its content.
 */
export function deepParsed(value: Json): Json {
  if (typeof value === 'string') {
    const parsed = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value.trim()) ? undefined : parseJson(value)
    return parsed === undefined ? value : deepParsed(parsed)
  }
  if (Array.isArray(value)) return value.map(deepParsed)
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [[key, deepParsed(item)]],
  )
  return Object.fromEntries(entries)
}

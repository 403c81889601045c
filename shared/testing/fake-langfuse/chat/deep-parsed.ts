import { isJsonObject, type Json, parseJson } from '../../../json.ts'

/**
 * Langfuse's page parses every string that is JSON or a Python literal, at any depth, numbers apart
 * (packages/shared/src/utils/json.ts, 4.16.0): the text `true` becomes a boolean, and no message has a boolean as its
 * content.
 */
export function deepParsed(value: Json): Json {
  if (typeof value === 'string') {
    const parsed = parsedText(value)
    return parsed === undefined ? value : deepParsed(parsed)
  }
  if (Array.isArray(value)) return value.map(deepParsed)
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [[key, deepParsed(item)]],
  )
  return Object.fromEntries(entries)
}

function parsedText(text: string): Json | undefined {
  if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text.trim())) return undefined
  const parsed = parseJson(text)
  return parsed === undefined ? parsePython(text) : parsed
}

/** A dict or a list as Python prints it, by its quotes: an apostrophe inside makes it none. */
function parsePython(text: string): Json | undefined {
  const isLiteral = text.includes("'") && text.length <= 1_000_000 && /^\s*[{[]/.test(text)
  if (!isLiteral) return undefined
  const names: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' }
  const json = text.trim().replace(/\b(True|False|None)\b/g, (name) => names[name] ?? name)
  return parseJson(json.replaceAll("'", '"'))
}

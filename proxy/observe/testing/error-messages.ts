import { isJsonObject, type Json, parseJson } from '../../../shared/json.ts'

/** Fields in which the providers of the corpus send error messages. */
const messageFields = new Set(['message', 'detail', 'error'])

/**
 * What a person would read in a failed response: the longest message in the body, and in each event about an error.
 */
export function errorMessages(body: string): readonly string[] {
  const events = [...body.matchAll(/^data:(.*error.*)$/gm)].map(([, data]) => parseJson(data ?? ''))
  const documents = [parseJson(body), ...events].filter((json) => json !== undefined)
  return documents.flatMap((json) => longest(messagesIn(json, '')) ?? [])
}

function messagesIn(json: Json, field: string): readonly string[] {
  if (typeof json === 'string') return messageFields.has(field) ? [json] : []
  if (Array.isArray(json)) return json.flatMap((entry: Json) => messagesIn(entry, field))
  return isJsonObject(json)
    ? Object.entries(json).flatMap(([name, value]) => messagesIn(value ?? null, name))
    : []
}

const longest = (texts: readonly string[]): string | undefined =>
  [...texts].sort((a, b) => b.length - a.length)[0]

import { isJsonObject, type Json, parseJson } from '../../../shared/json.ts'

/** Fields under which the providers of the corpus say in words what went wrong. */
const wordFields = new Set(['message', 'detail', 'error'])

/**
 * What a person would read in a failed answer: of the body, and of each event that is about an error, the
 * longest text that stands under a field of words.
 */
export function errorMessages(body: string): readonly string[] {
  const events = [...body.matchAll(/^data:(.*error.*)$/gm)].map(([, data]) => parseJson(data ?? ''))
  const documents = [parseJson(body), ...events].filter((json) => json !== undefined)
  return documents.flatMap((json) => longest(wordsIn(json, '')) ?? [])
}

function wordsIn(json: Json, field: string): readonly string[] {
  if (typeof json === 'string') return wordFields.has(field) ? [json] : []
  if (Array.isArray(json)) return json.flatMap((entry: Json) => wordsIn(entry, field))
  return isJsonObject(json) ? Object.entries(json).flatMap(([name, told]) => wordsIn(told ?? null, name)) : []
}

const longest = (texts: readonly string[]): string | undefined =>
  [...texts].sort((a, b) => b.length - a.length)[0]

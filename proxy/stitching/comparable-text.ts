import { isJsonObject, type Json, parseJson } from '../../shared/json.ts'
import { endOfThinking } from './end-of-thinking.ts'

/** Longer texts are compared by length, beginning and end: nothing else distinguishes two of them as cheaply. */
const maxCharacters = 8_192

/** A text without what clients change when they send it again: white space, and thinking that stood in the text itself. */
export function comparableText(text: string): string {
  const spoken = text.slice(endOfThinking(text))
  if (spoken.length <= maxCharacters) return spoken.replace(/\s+/g, '')
  const half = maxCharacters / 2
  const ends = `${spoken.slice(0, half)}${spoken.slice(-half)}`.replace(/\s+/g, '')
  return `${spoken.length}:${ends}`
}

/** Longer arguments are compared as they are written: to parse and sort what may have 300,000 fields takes a second. */
const maxParsedCharacters = 65_536

/** JSON that was parsed and written again is the same: keys in order, without white space. */
export function comparableJson(value: Json): string {
  if (typeof value === 'string' && value.length > maxParsedCharacters) return comparableText(value)
  const parsed = typeof value === 'string' ? parseJson(value) : value
  if (parsed === undefined) return comparableText(String(value))
  return comparableText(JSON.stringify(sorted(parsed, 0)))
}

const maxDepth = 32

function sorted(value: Json, depth: number): Json {
  if (depth === maxDepth) return null
  if (Array.isArray(value)) return value.map((entry: Json) => sorted(entry, depth + 1))
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined) as [string, Json][]
  return Object.fromEntries(
    entries
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, entry]) => [name, sorted(entry, depth + 1)]),
  )
}

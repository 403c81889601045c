import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import { cutText, minTextLength, readable } from './cut-text.ts'
import { lengthOf } from './fitted.ts'

/** Names, ids and what a model wrote as arguments of a call: half of one is worth nothing. */
const wholeFields = new Set([
  'id',
  'tool_call_id',
  'call_id',
  'name',
  'role',
  'type',
  'arguments',
  'url',
  'tools',
])

/** Each cut makes the longest text shorter; a few texts hold nearly all of a message. */
const maxCuts = 200

/** @returns JSON with its longest texts cut, down to a minimum each, until all of it has at most that many characters */
export function cutTexts<T extends Json>(value: T, maxLength: number): T {
  let current: Json = value
  for (let cuts = 0; cuts < maxCuts; cuts++) {
    const excess = lengthOf(current) - maxLength
    if (excess <= 0) break
    const longest = longestText(current)
    if (longest === undefined || longest.text.length <= minTextLength) break
    const noteLength = 60
    const shorter = cutText(longest.text, Math.max(longest.text.length - excess - noteLength, minTextLength))
    // Where the note is as long as what it stands for.
    if (shorter.length >= longest.text.length) break
    current = replacedAt(current, longest.path, shorter)
  }
  return current as T
}

type Path = readonly (string | number)[]

function longestText(
  value: Json,
  path: Path = [],
): { readonly text: string; readonly path: Path } | undefined {
  if (typeof value === 'string') return { text: value, path }
  const entries: readonly (readonly [string | number, Json | undefined])[] = Array.isArray(value)
    ? value.map((item: Json, index) => [index, item])
    : isJsonObject(value)
      ? Object.entries(value).filter(([key]) => !wholeFields.has(key))
      : []
  let longest: ReturnType<typeof longestText>
  for (const [key, item] of entries) {
    const found = item === undefined ? undefined : longestText(item, [...path, key])
    if (found !== undefined && found.text.length > (longest?.text.length ?? 0)) longest = found
  }
  return longest
}

function replacedAt(value: Json, [key, ...rest]: Path, text: string): Json {
  if (key === undefined) return text
  if (Array.isArray(value)) {
    return value.map((item: Json, index) => (index === key ? replacedAt(item, rest, text) : item))
  }
  const object = value as JsonObject
  return { ...object, [key]: replacedAt(object[key] ?? null, rest, text) }
}

/** @returns JSON without the middle of its lists, where cutting its texts is not enough */
export function cutJson(value: Json, maxLength: number): Json {
  const cut = cutTexts(value, maxLength)
  if (lengthOf(cut) <= maxLength) return cut
  if (Array.isArray(cut)) return cutList(cut, maxLength)
  if (!isJsonObject(cut)) return cut
  const [key, longest] = Object.entries(cut).reduce((a, b) =>
    lengthOf(b[1] ?? null) > lengthOf(a[1] ?? null) ? b : a,
  )
  const others = lengthOf(cut) - lengthOf(longest ?? null)
  return Array.isArray(longest) ? { ...cut, [key]: cutList(longest, maxLength - others) } : cut
}

function cutList(list: readonly Json[], maxLength: number): readonly Json[] {
  const half = maxLength / 2
  const head = countWithin(list, half)
  const tail = countWithin([...list.slice(head)].reverse(), half)
  const missing = list.length - head - tail
  if (missing <= 0) return list
  return [
    ...list.slice(0, head),
    `[... ${readable(missing)} entries left out ...]`,
    ...list.slice(list.length - tail),
  ]
}

/**
 * @param beside characters that an item takes beside its own
 * @returns how many items from the beginning have at most that many characters together
 */
export function countWithin<T extends Json>(
  items: readonly T[],
  maxLength: number,
  beside: (item: T) => number = () => 0,
): number {
  let length = 0
  const over = items.findIndex((item) => {
    length += JSON.stringify(item).length + 1 + beside(item)
    return length > maxLength
  })
  return over === -1 ? items.length : over
}

import { isJsonObject, type Json } from '../../../shared/json.ts'
import { entriesMark } from '../../../shared/record/left-out-marks.ts'
import { jsonSize } from './json-size.ts'
import { truncate } from './truncate.ts'

/** The field that holds the conversation, in the request of each API. */
const listNames = ['messages', 'input', 'prompt'] as const

/** `truncate` counts a little differently, and shall find nothing to do. */
const slack = 0.95

/**
 * Leaves out the middle of a list that is over the limit: its instructions and its first message stay, and as many of the
 * newest as fit, with a mark in the gap. The newest message is what a call was about.
 * @param input a list of messages, items or texts, or an object that has one beside tools and instructions
 * @param maxBytes approximate size of the result as JSON
 * @returns the input itself where it has no such list
 */
export function withoutMiddle(input: Json, maxBytes: number): Json {
  if (Array.isArray(input)) return fitList(input, maxBytes * slack)
  if (!isJsonObject(input)) return input
  const name = listNames.find((candidate) => Array.isArray(input[candidate]))
  if (name === undefined) return input
  const { [name]: list, ...others } = input
  const room = maxBytes * slack - Math.min(sizeOf(others), maxBytes / 2)
  return { ...input, [name]: fitList(list as readonly Json[], room) }
}

function fitList(list: readonly Json[], maxBytes: number): readonly Json[] {
  const headLength = Math.min(headOf(list), list.length - 1)
  // A prompt in tokens has neither beginning nor end that could be read.
  if (headLength < 0 || typeof list[0] === 'number') return list
  const room = Math.max(maxBytes - jsonSize(entriesMark(list.length)), 0)
  const head = list.slice(0, headLength)
  const tail = newestWithin(list.slice(headLength), room - Math.min(sizeOf(head), room / 3))
  const beginning = oldestWithin(head, room - sizeOf(tail))
  const missing = list.length - beginning.length - tail.length
  return [...beginning, ...(missing > 0 ? [entriesMark(missing)] : []), ...tail]
}

/** @returns how many entries are instructions, and the one that began the conversation */
function headOf(list: readonly Json[]): number {
  const first = list.findIndex(
    (entry) => !isJsonObject(entry) || (entry.role !== 'system' && entry.role !== 'developer'),
  )
  return first + 1
}

/** @returns the last entries that fit; of the newest, if it does not, its beginning. No result of a tool without its call */
function newestWithin(list: readonly Json[], maxBytes: number): readonly Json[] {
  let left = maxBytes
  let start = list.length
  for (; start > 0; start--) {
    left -= sizeOf(list[start - 1] as Json)
    if (left < 0) break
  }
  if (start === list.length) return list.slice(-1).map((entry) => truncate(entry, maxBytes))
  while (start > 0 && start < list.length - 1 && isToolResult(list[start] as Json)) start++
  return list.slice(start)
}

/** @returns the first entries that fit, and the beginning of the next one */
function oldestWithin(list: readonly Json[], maxBytes: number): readonly Json[] {
  const kept: Json[] = []
  let left = maxBytes
  for (const entry of list) {
    const size = sizeOf(entry)
    kept.push(size <= left ? entry : truncate(entry, Math.max(left, 0)))
    left -= size
    if (left <= 0) break
  }
  return kept
}

/** With media as the notes that they become. */
const sizeOf = (value: Json): number => jsonSize(truncate(value, Number.POSITIVE_INFINITY)) + 1

/** A tool result of Chat Completions, the Responses API or Messages. */
function isToolResult(entry: Json): boolean {
  if (!isJsonObject(entry)) return false
  const { role, type, content } = entry
  const isOfResults =
    Array.isArray(content) &&
    content.length > 0 &&
    content.every((part: Json) => isJsonObject(part) && /tool_result$/.test(String(part.type)))
  return role === 'tool' || role === 'function' || /_output$/.test(String(type)) || isOfResults
}

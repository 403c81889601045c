import type { Json, JsonObject } from '../../../shared/json.ts'
import { entriesMark, fieldsMark, missingFields } from '../../../shared/record/left-out-marks.ts'
import { type ByteAllowance, takeText } from './byte-allowance.ts'
import { credentialMark, withoutCredentials } from './credentials.ts'
import { describeMedia } from './media.ts'
import type { TakeMedium } from './media-capture.ts'
import { truncationMark, wellFormed } from './text.ts'

/** Deeper than any request seen, and far from the end of the stack. */
export const maxDepth = 64

/** Stands in the place of what is deeper. */
export const tooDeep = '[nested too deeply]'

/**
 * JSON up to a number of bytes, with media described and credentials removed. Texts are truncated between code points,
 * lists and objects between entries, and a mark at each place gives how much is missing. What need not change, which is
 * nearly everything, is not copied.
 * @param maxBytes approximate size of the result as JSON; Infinity keeps everything
 * @param take gets the bytes of each medium
 */
export function truncate(value: Json, maxBytes: number, take?: TakeMedium): Json {
  return copy(value, '', 0, { left: maxBytes, take })
}

/** @returns the same, or undefined where it is over the limit */
export function unlessTruncated(value: Json, maxBytes: number, take?: TakeMedium): Json | undefined {
  const allowance = { left: maxBytes, take }
  const kept = copy(value, '', 0, allowance)
  return allowance.left > 0 ? kept : undefined
}

/** What is left of the limit, and where media go. */
type Copying = ByteAllowance & { readonly take: TakeMedium | undefined }

function copy(value: Json, field: string, depth: number, allowance: Copying): Json {
  if (typeof value === 'string') return copyText(value, field, allowance)
  if (typeof value !== 'object' || value === null) {
    allowance.left -= 5
    return value
  }
  if (depth === maxDepth) return tooDeep
  return Array.isArray(value)
    ? copyList(value, field, depth, allowance)
    : copyObject(value as JsonObject, depth, allowance)
}

function copyText(value: string, field: string, allowance: Copying): string {
  const text = wellFormed(describeMedia(field, value, allowance.take) ?? value)
  const kept = takeText(allowance, text)
  allowance.left -= 2
  return kept.length === text.length ? text : kept + truncationMark(text.length - kept.length)
}

function copyList(list: readonly Json[], field: string, depth: number, allowance: Copying): Json {
  let changed: Json[] | undefined
  for (let at = 0; at < list.length; at++) {
    if (allowance.left <= 0) {
      return [...(changed ?? list.slice(0, at)), entriesMark(list.length - at)]
    }
    const kept = copy(list[at] as Json, field, depth + 1, allowance)
    if (changed === undefined && kept !== list[at]) changed = list.slice(0, at)
    changed?.push(kept)
  }
  return changed ?? list
}

function copyObject(object: JsonObject, depth: number, allowance: Copying): Json {
  let changed: [string, Json][] | undefined
  const names = Object.keys(object)
  for (let at = 0; at < names.length; at++) {
    const name = names[at] as string
    const value = object[name]
    if (value === undefined) continue
    if (allowance.left <= 0) {
      return fromEntries([
        ...(changed ?? entriesOf(object, names.slice(0, at))),
        [missingFields, fieldsMark(names.length - at)],
      ])
    }
    allowance.left -= name.length + 3
    const keptName = wellFormed(name)
    const safe = withoutCredentials(object, name, value)
    const kept = safe === credentialMark ? safe : copy(safe, name, depth + 1, allowance)
    if (changed === undefined && (kept !== value || keptName !== name))
      changed = entriesOf(object, names.slice(0, at))
    changed?.push([keptName, kept])
  }
  return changed === undefined ? object : fromEntries(changed)
}

const entriesOf = (object: JsonObject, names: readonly string[]): [string, Json][] =>
  names
    .map((name) => [name, object[name]] as const)
    .filter((entry): entry is [string, Json] => entry[1] !== undefined)

/** Not by assignment: a field may be called __proto__. */
const fromEntries = (entries: readonly (readonly [string, Json])[]): JsonObject => Object.fromEntries(entries)

import type { Json, JsonObject } from '../../../shared/json.ts'
import { type ByteAllowance, takeText } from './byte-allowance.ts'
import { credentialMark, isCredential } from './credentials.ts'
import { describeMedia } from './media.ts'
import { truncationMark, wellFormed } from './text.ts'

/** Deeper than any request seen, and far from the end of the stack. */
const maxDepth = 64

/**
 * Copies JSON up to a number of bytes, with media described and credentials removed. Texts are truncated between
 * code points, lists and objects between entries, and a mark at each place gives how much is missing.
 * @param maxBytes approximate size of the copy as JSON; Infinity keeps everything
 */
export function truncate(value: Json, maxBytes: number): Json {
  return copy(value, '', 0, { left: maxBytes })
}

function copy(value: Json, field: string, depth: number, allowance: ByteAllowance): Json {
  if (typeof value === 'string') return copyText(value, field, allowance)
  if (typeof value !== 'object' || value === null) {
    allowance.left -= 5
    return value
  }
  if (depth === maxDepth) return '[nested too deeply]'
  return Array.isArray(value)
    ? copyList(value, field, depth, allowance)
    : copyObject(value as JsonObject, depth, allowance)
}

function copyText(value: string, field: string, allowance: ByteAllowance): string {
  const text = wellFormed(describeMedia(field, value) ?? value)
  const kept = takeText(allowance, text)
  allowance.left -= 2
  return kept.length === text.length ? text : kept + truncationMark(text.length - kept.length)
}

function copyList(list: readonly Json[], field: string, depth: number, allowance: ByteAllowance): Json {
  const kept: Json[] = []
  for (const entry of list) {
    if (allowance.left <= 0) {
      kept.push(`[${list.length - kept.length} more entries]`)
      break
    }
    kept.push(copy(entry, field, depth + 1, allowance))
  }
  return kept
}

function copyObject(object: JsonObject, depth: number, allowance: ByteAllowance): Json {
  const kept: [string, Json][] = []
  const fields = Object.entries(object)
  for (const [position, [name, value]] of fields.entries()) {
    if (value === undefined) continue
    if (allowance.left <= 0) {
      kept.push(['…', `[${fields.length - position} more fields]`])
      break
    }
    allowance.left -= name.length + 3
    const isSecret = isCredential(object, name, value)
    kept.push([wellFormed(name), isSecret ? credentialMark : copy(value, name, depth + 1, allowance)])
  }
  // Not by assignment: a field may be called __proto__.
  return Object.fromEntries(kept)
}

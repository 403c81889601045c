import { isJsonObject, type Json } from '../../../shared/json.ts'

/** As deep as `truncate` copies. */
const maxDepth = 64

/**
 * Size of the value as JSON, measured without serialising it, which fails on deep nesting.
 * @returns bytes, escapes not counted; Infinity where the value is nested too deeply to be kept
 */
export function jsonSize(value: Json | undefined, depth = 0): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 2
  if (typeof value !== 'object' || value === null) return String(value).length
  if (depth === maxDepth) return Number.POSITIVE_INFINITY
  let size = 1
  if (isJsonObject(value)) {
    for (const [name, entry] of Object.entries(value)) {
      size += Buffer.byteLength(name) + 4 + jsonSize(entry, depth + 1)
    }
  } else for (const entry of value as readonly Json[]) size += 1 + jsonSize(entry, depth + 1)
  return Math.max(size, 2)
}

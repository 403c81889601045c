import { isJsonObject, type Json } from '../../../shared/json.ts'

/** As deep as is ever kept (see within.ts). */
const maxDepth = 64

/**
 * How long the value would be as JSON, without making its text, which fails where it is nested too deeply.
 * @returns bytes, escapes not counted; Infinity where it is nested too deeply to be kept
 */
export function sizeOf(value: Json | undefined, depth = 0): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 2
  if (typeof value !== 'object' || value === null) return String(value).length
  if (depth === maxDepth) return Number.POSITIVE_INFINITY
  let size = 1
  if (isJsonObject(value)) {
    for (const [name, told] of Object.entries(value)) {
      size += Buffer.byteLength(name) + 4 + sizeOf(told, depth + 1)
    }
  } else for (const entry of value as readonly Json[]) size += 1 + sizeOf(entry, depth + 1)
  return Math.max(size, 2)
}

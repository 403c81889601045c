import type { Json, JsonObject } from '../../../shared/json.ts'
import { credentialMark, isCredential } from './credentials.ts'
import { describeMedia } from './media.ts'
import { cut, missingMark, wellFormed } from './text.ts'

/** Deeper than any request seen, and far from the end of the stack. */
const maxDepth = 64

/**
 * Copies JSON as far as a number of bytes goes, media described and credentials left out. Texts are cut between
 * code points, lists and objects between entries, and each cut says how much is missing.
 * @param maxBytes roughly the size of the copy as JSON; Infinity keeps all
 */
export function truncate(value: Json, maxBytes: number): Json {
  let room = maxBytes

  function keep(told: Json, field: string, depth: number): Json {
    if (typeof told === 'string') return keepText(told, field)
    if (typeof told !== 'object' || told === null) {
      room -= 5
      return told
    }
    if (depth === maxDepth) return '[nested too deeply]'
    return Array.isArray(told) ? keepList(told, field, depth) : keepObject(told as JsonObject, depth)
  }

  function keepText(told: string, field: string): string {
    const text = wellFormed(describeMedia(field, told) ?? told)
    const size = Buffer.byteLength(text)
    const kept = size <= room ? text : cut(text, room)
    room -= Math.min(size, Math.max(room, 0)) + 2
    return kept.length === text.length ? text : kept + missingMark(text.length - kept.length)
  }

  function keepList(list: readonly Json[], field: string, depth: number): Json {
    const kept: Json[] = []
    for (const entry of list) {
      if (room <= 0) {
        kept.push(`[${list.length - kept.length} more entries]`)
        break
      }
      kept.push(keep(entry, field, depth + 1))
    }
    return kept
  }

  function keepObject(object: JsonObject, depth: number): Json {
    const kept: [string, Json][] = []
    const fields = Object.entries(object)
    for (const [at, [name, told]] of fields.entries()) {
      if (told === undefined) continue
      if (room <= 0) {
        kept.push(['…', `[${fields.length - at} more fields]`])
        break
      }
      room -= name.length + 3
      const value = isCredential(object, name, told) ? credentialMark : keep(told, name, depth + 1)
      kept.push([wellFormed(name), value])
    }
    // Not by assignment: a field may be called __proto__.
    return Object.fromEntries(kept)
  }

  return keep(value, '', 0)
}

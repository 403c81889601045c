import { type Json, parseJson } from '../../shared/json.ts'
import type { HeldBody } from './body.ts'
import { sliceChunks } from './chunks.ts'

/** Longer than any id, model or option; OpenAI's `metadata` has at most 16 keys of 512 characters. */
const maxValueBytes = 65_536

/**
 * Parses one value of a held body, and nothing else of it.
 * @param key one that the body was scanned for
 * @returns undefined where it is absent, too long to be looked at, or not JSON
 */
export function heldValue(body: HeldBody, key: string): Json | undefined {
  const { chunks, json } = body.decoded ?? body
  const range = json?.values.get(key)
  if (range === undefined || range.end - range.start > maxValueBytes) return undefined
  return parseJson(sliceChunks(chunks, range.start, range.end).toString('utf8'))
}

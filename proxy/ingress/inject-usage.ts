import { isJsonObject } from '../../shared/json.ts'
import type { Operation } from '../../shared/record/record.ts'
import type { HeldBody } from './body.ts'
import { type Chunks, replaceInChunks } from './chunks.ts'
import { heldValue } from './held-value.ts'

/**
 * Injects `stream_options.include_usage` into the request of a streamed chat or text completion that does not set it.
 * It is spliced into the original text, because serialising again would change number literals, key order and white
 * space.
 * @param body scanned for `stream` and `stream_options`
 * @returns the rewritten body, or undefined where the original is sent
 */
export function injectIncludeUsage(operation: Operation, body: HeldBody): Chunks | undefined {
  if (operation !== 'chat' && operation !== 'text_completion') return undefined
  const { json, chunks } = body
  if (json === undefined || heldValue(body, 'stream') !== true) return undefined
  const range = json.values.get('stream_options')
  const insert = (at: number, text: string) => replaceInChunks(chunks, at, at, Buffer.from(text))
  if (range === undefined) return insert(json.start + 1, '"stream_options":{"include_usage":true},')
  const options = heldValue(body, 'stream_options')
  if (options === null) {
    return replaceInChunks(chunks, range.start, range.end, Buffer.from('{"include_usage":true}'))
  }
  // Any value is the client's explicit choice: true, false or null.
  if (!isJsonObject(options) || 'include_usage' in options) return undefined
  return insert(range.start + 1, `"include_usage":true${Object.keys(options).length > 0 ? ',' : ''}`)
}

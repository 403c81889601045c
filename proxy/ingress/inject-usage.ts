import { isJsonObject, type Json } from '../../shared/json.ts'
import type { Operation } from '../../shared/record/record.ts'
import { findTopLevelValue } from './find-json-value.ts'

/**
 * Injects `stream_options.include_usage` into the request of a streamed chat or text completion that does not set it.
 * It is spliced into the original text, because serialising again would change number literals, key order and white
 * space.
 * @param bytes the original request body
 * @param json the same, parsed
 * @returns the rewritten body, or undefined where the original is sent
 */
export function injectIncludeUsage(
  operation: Operation,
  bytes: Buffer,
  json: Json | undefined,
): Buffer | undefined {
  if (operation !== 'chat' && operation !== 'text_completion') return undefined
  if (!isJsonObject(json) || json.stream !== true) return undefined
  // One byte per character: positions in the text are positions in the buffer.
  const text = bytes.toString('latin1')
  const options = json.stream_options
  if (options === undefined) {
    return splice(bytes, text.indexOf('{') + 1, 0, '"stream_options":{"include_usage":true},')
  }
  const value = findTopLevelValue(text, 'stream_options')
  if (value === undefined) return undefined
  if (options === null) return splice(bytes, value.start, value.end - value.start, '{"include_usage":true}')
  // Any value is the client's explicit choice: true, false or null.
  if (!isJsonObject(options) || 'include_usage' in options) return undefined
  const comma = Object.keys(options).length > 0 ? ',' : ''
  return splice(bytes, value.start + 1, 0, `"include_usage":true${comma}`)
}

function splice(bytes: Buffer, at: number, remove: number, insert: string): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(insert), bytes.subarray(at + remove)])
}

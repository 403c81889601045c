import { isJsonObject, type Json, parseJson } from '../../../shared/json.ts'
import type { CallError } from '../../../shared/record/record.ts'
import { errorFrom } from '../errors/error.ts'

/**
 * Reads a line of an event stream that belongs to no event: some servers write an error, or a whole response that
 * was not to be streamed, into a stream without framing.
 */
export function readStrayLine(line: string): { readonly error?: CallError; readonly event?: Json } {
  const text = line.startsWith('error:') ? line.slice('error:'.length).trim() : line
  const json = parseJson(text)
  const isError = json !== undefined || text !== line
  const error = isError ? errorFrom(json ?? text) : undefined
  if (error !== undefined) return { error }
  return isJsonObject(json) ? { event: json } : {}
}

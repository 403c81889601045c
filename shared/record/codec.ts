import { crc32 } from 'node:zlib'
import { isJsonObject, parseJson } from '../json.ts'
import type { InferenceRecord } from './record.ts'

/**
 * Up to 50 records that travel together: one write to the spool, one job in the queue. Encoded as JSON:
 * `{"v":1,"id":"...","origin":"...","crc32":...,"records":[...]}`, the checksum being that of what stands between the
 * brackets.
 */
export type Pack = {
  /** Never used twice: `p-<origin>-<number>`. */
  readonly id: string
  /** The spool (one data directory) that first stored the pack. */
  readonly origin: string
  readonly records: readonly InferenceRecord[]
  /** Size of its text; absent where it was never encoded. */
  readonly bytes?: number
}

/** This version cannot read the text as a pack; the message says why. */
export class UnreadablePack extends Error {
  override readonly name = 'UnreadablePack'
}

/**
 * Encodes a pack without parsing its records again.
 * @param records each as JSON
 */
export function encodePack(id: string, origin: string, records: readonly string[]): string {
  const body = records.join(',')
  const head = `{"v":1,"id":${JSON.stringify(id)},"origin":${JSON.stringify(origin)},"crc32":${crc32(body)}`
  return `${head}${bodyStart}${body}${bodyEnd}`
}

const bodyStart = ',"records":['
const bodyEnd = ']}'

/**
 * Decodes a pack written by this version or an older one.
 * @throws UnreadablePack when the text is not JSON, damaged, of a newer version, or contains something that is no record
 */
export function decodePack(text: string): Pack {
  const pack = parseJson(text)
  if (!isJsonObject(pack)) throw new UnreadablePack('not a JSON object')
  if (pack.v !== 1) throw new UnreadablePack(`version ${JSON.stringify(pack.v)} is not known here`)
  const { id, origin, records } = pack
  if (typeof id !== 'string' || typeof origin !== 'string' || !Array.isArray(records)) {
    throw new UnreadablePack('id, origin or records are missing')
  }
  // A disk that returns other bytes than were written can leave valid JSON. Older versions wrote no checksum.
  if (pack.crc32 !== undefined && pack.crc32 !== crc32(bodyOf(text))) {
    throw new UnreadablePack('its checksum is wrong: it was damaged where it was stored')
  }
  if (!records.every(isRecord)) throw new UnreadablePack('it holds something that is not a record')
  return { id, origin, records, bytes: Buffer.byteLength(text) }
}

/** The checksum stands before the records, so the first match is not within one. */
function bodyOf(text: string): string {
  return text.slice(text.indexOf(bodyStart) + bodyStart.length, -bodyEnd.length)
}

export function isRecord(value: unknown): value is InferenceRecord {
  return (
    isJsonObject(value) &&
    value.v === 1 &&
    typeof value.id === 'string' &&
    isJsonObject(value.trace) &&
    isJsonObject(value.context) &&
    isJsonObject(value.times)
  )
}

import { isJsonObject, parseJson } from '../json.ts'
import type { InferenceRecord } from './record.ts'

/**
 * Up to 50 records that travel together: one write to the spool, one job in the queue. Encoded as JSON:
 * `{"v":1,"id":"...","origin":"...","records":[...]}`.
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
  return `{"v":1,"id":${JSON.stringify(id)},"origin":${JSON.stringify(origin)},"records":[${records.join(',')}]}`
}

/**
 * Decodes a pack written by this version or an older one.
 * @throws UnreadablePack when the text is not JSON, of a newer version, or contains something that is no record
 */
export function decodePack(text: string): Pack {
  const pack = parseJson(text)
  if (!isJsonObject(pack)) throw new UnreadablePack('not a JSON object')
  if (pack.v !== 1) throw new UnreadablePack(`version ${JSON.stringify(pack.v)} is not known here`)
  const { id, origin, records } = pack
  if (typeof id !== 'string' || typeof origin !== 'string' || !Array.isArray(records)) {
    throw new UnreadablePack('id, origin or records are missing')
  }
  if (!records.every(isRecord)) throw new UnreadablePack('it holds something that is not a record')
  return { id, origin, records, bytes: Buffer.byteLength(text) }
}

function isRecord(value: unknown): value is InferenceRecord {
  return (
    isJsonObject(value) &&
    value.v === 1 &&
    typeof value.id === 'string' &&
    isJsonObject(value.trace) &&
    isJsonObject(value.context) &&
    isJsonObject(value.times)
  )
}

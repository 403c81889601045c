import { isJsonObject, parseJson } from '../json.ts'
import type { InferenceRecord } from './record.ts'

/**
 * Records travel in packs: one write to the spool, one job in the queue, for up to 50 of them. The text form
 * is JSON: `{"v":1,"id":"...","origin":"...","records":[...]}`.
 */
export type Pack = {
  /** Unique for all time: `p-<origin>-<number>`; without `:` and not only digits, as BullMQ asks of job ids. */
  readonly id: string
  /** The spool (one data directory) that the pack was first written to. */
  readonly origin: string
  readonly records: readonly InferenceRecord[]
}

/** Why a text is not a pack that this version can read. */
export class UnreadablePack extends Error {
  override readonly name = 'UnreadablePack'
}

/**
 * Joins records that are already JSON into the text of a pack, without parsing them again.
 * @param records JSON texts, one per record
 */
export function encodePack(id: string, origin: string, records: readonly string[]): string {
  return `{"v":1,"id":${JSON.stringify(id)},"origin":${JSON.stringify(origin)},"records":[${records.join(',')}]}`
}

/**
 * Reads the text of a pack, of this version or an older one.
 * @throws UnreadablePack when it is not JSON, of a newer version, or holds something that is not a record
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
  return { id, origin, records }
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

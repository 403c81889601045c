import { isJsonObject, parseJson } from '../../shared/json.ts'

/** UTF-16 units. A larger pack is of few records, and takes longer to read than anybody who looks is worth. */
const maxReadLength = 1_048_576

/** @param text of a pack, as JSON @returns the ids of its records; none of a pack that is too large to be read for it */
export function idsInPack(text: string): readonly string[] {
  if (text.length > maxReadLength) return []
  const pack = parseJson(text)
  const records = isJsonObject(pack) && Array.isArray(pack.records) ? pack.records : []
  return records.flatMap((record) =>
    isJsonObject(record) && typeof record.id === 'string' ? [record.id] : [],
  )
}

/**
 * A pack as described by its key on disk, so that opening a spool reads keys only, however many bytes wait
 * there: `pack!<number>!<records>!<bytes>`, `!<packed>` where some of its records have their outcome already, and `!t<at>`.
 * Numbers are padded because LevelDB sorts keys as text.
 */
export type SpoolEntry = {
  readonly number: number
  /** Records that have no outcome yet. */
  readonly records: number
  /** Size of its text; 0 once only Redis has it. */
  readonly bytes: number
  /** Records in its text, where that is more than have no outcome yet. */
  readonly packed?: number
  /** When its records came, ms since 1970; absent where a version that did not note it wrote them. */
  readonly at?: number
}

export const originKey = 'meta!origin'
export const ledgerKey = 'meta!ledger'

/** Covers all packs, and nothing else. */
export const packRange = { gt: 'pack!', lt: 'pack"' } as const

/** Ids of the calls whose records are in a pack, written with it; see recorded-calls.ts. */
export const recordedRange = { gt: 'recorded!', lt: 'recorded"' } as const

export const recordedKey = (packNumber: number): string => `recorded!${padded(packNumber)}`

export const numberOfRecordedKey = (key: string): number => Number(key.slice('recorded!'.length))

const padded = (packNumber: number): string => String(packNumber).padStart(16, '0')

export function packKey({ number, records, bytes, packed, at }: SpoolEntry): string {
  const key = `pack!${padded(number)}!${records}!${bytes}`
  return `${key}${packed === undefined ? '' : `!${packed}`}${at === undefined ? '' : `!t${at}`}`
}

/** @returns undefined for a key that does not belong to a pack */
export function parsePackKey(key: string): SpoolEntry | undefined {
  const parts = /^pack!(\d{16})!(\d+)!(\d+)(?:!(\d+))?(?:!t(\d+))?$/.exec(key)
  if (parts === null) return undefined
  const [, number, records, bytes, packed, at] = parts
  return {
    number: Number(number),
    records: Number(records),
    bytes: Number(bytes),
    ...(packed !== undefined && { packed: Number(packed) }),
    ...(at !== undefined && { at: Number(at) }),
  }
}

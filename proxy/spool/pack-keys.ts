/**
 * A pack as described by its key on disk, so that opening a spool reads keys only, however many bytes wait
 * there: `pack!<number>!<records>!<bytes>`. Numbers are padded because LevelDB sorts keys as text.
 */
export type SpoolEntry = { readonly number: number; readonly records: number; readonly bytes: number }

export const originKey = 'meta!origin'
export const ledgerKey = 'meta!ledger'

/** Covers all packs, and nothing else. */
export const packRange = { gt: 'pack!', lt: 'pack"' } as const

export function packKey({ number, records, bytes }: SpoolEntry): string {
  return `pack!${String(number).padStart(16, '0')}!${records}!${bytes}`
}

/** @returns undefined for a key that does not belong to a pack */
export function parsePackKey(key: string): SpoolEntry | undefined {
  const parts = /^pack!(\d{16})!(\d+)!(\d+)$/.exec(key)
  if (parts === null) return undefined
  return { number: Number(parts[1]), records: Number(parts[2]), bytes: Number(parts[3]) }
}

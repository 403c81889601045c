import type { SpoolEntry } from './pack-keys.ts'

/** Packs by number, in the order in which they came, and their sums. */
export type PackPlace = {
  readonly size: number
  readonly records: number
  readonly bytes: number
  has(number: number): boolean
  get(number: number): SpoolEntry | undefined
  /** At the end, or, where the pack is here already, in its place. */
  set(entry: SpoolEntry): void
  delete(number: number): void
  first(): SpoolEntry | undefined
  values(): IterableIterator<SpoolEntry>
}

export function createPackPlace(): PackPlace {
  const entries = new Map<number, SpoolEntry>()
  let records = 0
  let bytes = 0

  function count(entry: SpoolEntry | undefined, sign: 1 | -1): void {
    records += sign * (entry?.records ?? 0)
    bytes += sign * (entry?.bytes ?? 0)
  }

  return {
    get size() {
      return entries.size
    },
    get records() {
      return records
    },
    get bytes() {
      return bytes
    },
    has: (number) => entries.has(number),
    get: (number) => entries.get(number),
    set(entry) {
      count(entries.get(entry.number), -1)
      entries.set(entry.number, entry)
      count(entry, 1)
    },
    delete(number) {
      count(entries.get(number), -1)
      entries.delete(number)
    },
    first: () => entries.values().next().value,
    values: () => entries.values(),
  }
}

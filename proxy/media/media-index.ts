/** Which media are kept, oldest first, and how many records name each. */
export type MediaIndex = {
  bytes(): number
  has(sha256: string): boolean
  /** For its first record. */
  add(sha256: string, bytes: number): void
  /** For one more record; it counts as new again. @returns false where it is not here */
  retain(sha256: string): boolean
  /** For one record less. @returns true where that was the last one, and the medium is gone from here */
  release(sha256: string): boolean
  remove(sha256: string): void
  /** @returns the oldest media that have at least so many bytes together, or all */
  oldest(bytes: number): readonly string[]
}

/** @param stored media of an earlier process, whose records are not counted: the first that is settled releases them */
export function createMediaIndex(stored: ReadonlyMap<string, number>): MediaIndex {
  const media = new Map([...stored].map(([sha256, bytes]) => [sha256, { bytes, records: 0 }]))
  let total = [...stored.values()].reduce((sum, bytes) => sum + bytes, 0)

  function remove(sha256: string): void {
    total -= media.get(sha256)?.bytes ?? 0
    media.delete(sha256)
  }

  return {
    bytes: () => total,
    has: (sha256) => media.has(sha256),
    add(sha256, bytes) {
      remove(sha256)
      media.set(sha256, { bytes, records: 1 })
      total += bytes
    },
    retain(sha256) {
      const known = media.get(sha256)
      if (known === undefined) return false
      // Last in the order of a map is what was set last.
      media.delete(sha256)
      media.set(sha256, { ...known, records: known.records + 1 })
      return true
    },
    release(sha256) {
      const known = media.get(sha256)
      if (known === undefined) return false
      if (known.records > 1) {
        known.records -= 1
        return false
      }
      remove(sha256)
      return true
    },
    remove,
    oldest(bytes) {
      const found: string[] = []
      let freed = 0
      for (const [sha256, medium] of media) {
        if (freed >= bytes) break
        found.push(sha256)
        freed += medium.bytes
      }
      return found
    },
  }
}

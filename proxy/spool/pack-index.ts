import { manyListenerAbort, untilAborted } from '../../shared/timing/abort.ts'
import { packKey, type SpoolEntry } from './pack-keys.ts'
import { createPackPlace, type PackPlace } from './pack-place.ts'

/** A pack that Redis has, and since when (ms, monotonic). */
export type PublishedEntry = { readonly entry: SpoolEntry; readonly sinceMs: number }

/**
 * Where each pack of the spool is: arriving (being written), waiting for a consumer, taken by one, or published (Redis has
 * it, and its outcome is not known yet). Their texts are in the store.
 */
export type PackIndex = {
  /** Records in packs that are not published. */
  readonly records: number
  readonly bytes: number
  readonly waiting: number
  /** @returns when the oldest unpublished records came, ms since 1970; undefined where that is known of none */
  oldestAt(): number | undefined
  /** Records in published packs. */
  readonly publishedRecords: number
  /** Size of the copies that are kept of published packs. */
  readonly publishedBytes: number
  /** Counts a new pack as arriving: nobody can take it before it is offered. */
  add(entry: SpoolEntry): void
  /** Puts a pack at the end of the line. */
  offer(entry: SpoolEntry): void
  /**
   * Takes the pack that has waited longest.
   * @param maxBytes of all taken packs together; one may always be taken
   * @returns undefined where there is none, or no room for it
   */
  take(maxBytes?: number): SpoolEntry | undefined
  /** Notes that Redis has a pack. */
  publish(entry: SpoolEntry): void
  /** Removes a pack, wherever it is. */
  remove(entry: SpoolEntry): void
  /** Replaces what is known of a pack, which stays where it is. */
  replace(entry: SpoolEntry): void
  find(number: number): SpoolEntry | undefined
  /** @returns number of records in packs whose number is higher than this. Looks at each */
  recordsAfter(number: number): number
  /** @returns the lowest number of any pack; undefined where there is none. Looks at each */
  oldestNumber(): number | undefined
  /** In the order in which they were published. */
  published(): IterableIterator<PublishedEntry>
  keys(): ReadonlySet<string>
  /** Resolves when a pack may have become takeable, or when the signal aborts. */
  nextChange(signal: AbortSignal): Promise<void>
}

export function createPackIndex(now: () => number = performance.now.bind(performance)): PackIndex {
  const arriving = createPackPlace()
  const waiting = createPackPlace()
  const taken = createPackPlace()
  const published = createPackPlace()
  const places = [arriving, waiting, taken, published]
  const unpublished = [arriving, waiting, taken]
  const publishedAt = new Map<number, number>()
  let changed = manyListenerAbort()

  function move(entry: SpoolEntry, place: PackPlace): void {
    const current = find(entry.number) ?? entry
    remove(entry)
    place.set(current)
  }

  function take(maxBytes = Number.POSITIVE_INFINITY): SpoolEntry | undefined {
    const entry = waiting.first()
    if (entry === undefined) return undefined
    if (taken.size > 0 && taken.bytes + entry.bytes > maxBytes) return undefined
    move(entry, taken)
    return entry
  }

  function remove({ number }: SpoolEntry): void {
    const wasTaken = taken.has(number)
    for (const place of places) place.delete(number)
    publishedAt.delete(number)
    if (wasTaken) wake() // there may be room for another one
  }

  function wake(): void {
    changed.abort()
    changed = manyListenerAbort()
  }

  function find(number: number): SpoolEntry | undefined {
    return places.find((place) => place.has(number))?.get(number)
  }

  function* allPublished(): IterableIterator<PublishedEntry> {
    for (const entry of published.values()) yield { entry, sinceMs: publishedAt.get(entry.number) ?? 0 }
  }

  return {
    get records() {
      return unpublished.reduce((sum, place) => sum + place.records, 0)
    },
    get bytes() {
      return unpublished.reduce((sum, place) => sum + place.bytes, 0)
    },
    get waiting() {
      return waiting.size
    },
    get publishedRecords() {
      return published.records
    },
    get publishedBytes() {
      return published.bytes
    },
    // Not simply the first: a pack that is put back goes to the end of the line.
    oldestAt: () => lowest(unpublished, ({ at }) => at),
    oldestNumber: () => lowest(places, ({ number }) => number),
    recordsAfter(number) {
      const newer = places.flatMap((place) => [...place.values()]).filter((entry) => entry.number > number)
      return newer.reduce((sum, { records }) => sum + records, 0)
    },
    add: arriving.set,
    offer(entry) {
      move(entry, waiting)
      wake()
    },
    take,
    publish(entry) {
      move(entry, published)
      publishedAt.set(entry.number, now())
    },
    remove,
    replace: (entry) => places.find((place) => place.has(entry.number))?.set(entry),
    find,
    published: allPublished,
    keys: () => new Set(places.flatMap((place) => [...place.values()]).map(packKey)),
    nextChange: (signal) => untilAborted(changed.signal, signal),
  }
}

/** @returns the lowest value of any pack; undefined where there is none */
function lowest(
  places: readonly PackPlace[],
  read: (entry: SpoolEntry) => number | undefined,
): number | undefined {
  let found: number | undefined
  for (const place of places) {
    for (const entry of place.values()) {
      const value = read(entry)
      if (value !== undefined && (found === undefined || value < found)) found = value
    }
  }
  return found
}

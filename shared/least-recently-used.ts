import { LRUCache } from 'lru-cache'

export type LeastRecentlyUsed<V extends {}> = LRUCache<string, V>

/**
 * At most so many entries; the one that was used least recently goes first. Takes memory as it fills: told the number as
 * `max`, lru-cache would allocate lists of that length at once (220 KB for 10,000), also where nothing ever comes.
 */
export function leastRecentlyUsed<V extends {}>(
  entries: number,
  options: Pick<LRUCache.OptionsBase<string, V, unknown>, 'dispose'> = {},
): LeastRecentlyUsed<V> {
  return new LRUCache<string, V>({ maxSize: entries, sizeCalculation: () => 1, ...options })
}

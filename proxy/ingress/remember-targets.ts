import { LRUCache } from 'lru-cache'
import type { FindTarget, Target } from './target.ts'

/** The paths that applications call are few, and come again with each call. */
const maxRemembered = 1_000
const maxRememberedUrl = 100

/** Saves parsing the same URL for each call. Threads and queries, which are many, are not remembered. */
export function rememberTargets(find: FindTarget): FindTarget {
  const targets = new LRUCache<string, Target>({ max: maxRemembered })
  return (method, url, headers) => {
    const key =
      headers?.['anthropic-version'] === undefined ? `${method} ${url}` : `${method} anthropic ${url}`
    const known = targets.get(key)
    if (known !== undefined) return known
    const found = find(method, url, headers)
    const isLasting = 'upstream' in found && found.threadId === undefined && !url.includes('?')
    if (isLasting && url.length <= maxRememberedUrl) targets.set(key, found)
    return found
  }
}

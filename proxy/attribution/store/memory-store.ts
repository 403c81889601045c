import { LRUCache } from 'lru-cache'
import type { Clock } from '../../../shared/timing/clock.ts'
import type { ContextStore, Registered } from './store.ts'

export type MemoryLimits = { readonly entries: number; readonly bytes: number }

const memoryLimits: MemoryLimits = { entries: 10_000, bytes: 32 * 1024 * 1024 }

export type MemoryStoreOptions = {
  readonly clock: Clock
  readonly limits?: MemoryLimits
  /** Called for each context evicted because of the limits. */
  readonly onEvicted: () => void
}

/** A context store in the memory of one process. */
export function createMemoryStore({ clock, limits = memoryLimits, onEvicted }: MemoryStoreOptions) {
  const entries = new LRUCache<string, Registered>({
    max: limits.entries,
    maxSize: limits.bytes,
    sizeCalculation: (entry, threadId) => threadId.length + JSON.stringify(entry.context).length + 100,
    dispose: (_entry, _threadId, reason) => {
      if (reason === 'evict') onEvicted()
    },
  })

  function alive(threadId: string): Registered | undefined {
    const entry = entries.get(threadId)
    if (entry === undefined || entry.expiresAt > clock.now()) return entry
    entries.delete(threadId)
    return undefined
  }

  function use(threadId: string): Registered | undefined {
    const entry = alive(threadId)
    if (entry?.refreshOnUse !== true) return entry
    const refreshed = { ...entry, expiresAt: clock.now() + entry.ttlMs }
    entries.set(threadId, refreshed)
    return refreshed
  }

  return {
    async put(threadId, registration) {
      const entry = { ...registration, expiresAt: clock.now() + registration.ttlMs }
      entries.set(threadId, entry)
      return entry
    },
    get: async (threadId) => alive(threadId),
    delete: async (threadId) => alive(threadId) !== undefined && entries.delete(threadId),
    use,
  } satisfies ContextStore
}

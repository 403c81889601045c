import { once } from 'node:events'
import { isJsonObject, parseJson } from '../../../shared/json.ts'
import { leastRecentlyUsed } from '../../../shared/least-recently-used.ts'
import { queryConnection } from '../../../shared/queue/redis.ts'
import type { Clock } from '../../../shared/timing/clock.ts'
import { batchedGet } from './batched-get.ts'
import type { ContextStore, Registered, Registration } from './store.ts'

export type RedisStoreOptions = {
  readonly redisUrl: string
  /** QUEUE_PREFIX */
  readonly prefix: string
  readonly clock: Clock
}

export type RedisStore = ContextStore & {
  /** Resolves when Redis is connected, or after `startMs` without it. */
  start(): Promise<void>
  stop(): void
}

/** Changes by other processes are seen after this time; a refreshed entry lives up to this much longer. */
const cachedMs = 2_000

/**
 * Only the record of a finished call waits for a look-up, so it may take long: in a burst of thousands of
 * calls the reply of Redis can stay unread for seconds, and giving it up would lose the context.
 */
const replyTimeoutMs = 15_000

/** How long starting waits for Redis. */
const startMs = 1_000

type Cached = { readonly entry: Registered; readonly staleAt: number }

/** A context store shared by all processes with the same Redis and prefix, with a local cache. */
export function createRedisStore({ redisUrl, prefix, clock }: RedisStoreOptions): RedisStore {
  const redis = queryConnection(redisUrl, replyTimeoutMs)
  const cache = leastRecentlyUsed<Cached>(1_000)
  const getText = batchedGet(redis)
  const keyOf = (threadId: string) => `${prefix}:context:${threadId}`

  function remember(threadId: string, entry: Registered): Registered {
    cache.set(threadId, { entry, staleAt: Math.min(clock.now() + cachedMs, entry.expiresAt) })
    return entry
  }

  async function read(threadId: string): Promise<Registered | undefined> {
    const key = keyOf(threadId)
    const text = await getText(key)
    const registration = text === null ? undefined : decode(text)
    if (registration === undefined) return undefined
    const ttlLeftMs = await redis.pttl(key)
    // -2: it has expired since the GET (https://redis.io/commands/pttl).
    return ttlLeftMs === -2 ? undefined : { ...registration, expiresAt: clock.now() + ttlLeftMs }
  }

  async function readForUse(threadId: string): Promise<Registered | undefined> {
    const found = await read(threadId)
    if (found === undefined) return undefined
    if (!found.refreshOnUse) return remember(threadId, found)
    await redis.pexpire(keyOf(threadId), found.ttlMs)
    return remember(threadId, { ...found, expiresAt: clock.now() + found.ttlMs })
  }

  return {
    async put(threadId, registration) {
      await redis.set(keyOf(threadId), JSON.stringify(registration), 'PX', registration.ttlMs)
      return remember(threadId, { ...registration, expiresAt: clock.now() + registration.ttlMs })
    },
    get: read,
    async delete(threadId) {
      cache.delete(threadId)
      return (await redis.del(keyOf(threadId))) > 0
    },
    use(threadId) {
      const cached = cache.get(threadId)
      if (cached !== undefined && cached.staleAt > clock.now()) return cached.entry
      return readForUse(threadId)
    },
    async start() {
      if (redis.status === 'ready') return
      await once(redis, 'ready', { signal: AbortSignal.timeout(startMs) }).catch(() => undefined)
    },
    stop: () => redis.disconnect(),
  }
}

/** Entries of other versions that cannot be decoded count as absent. */
function decode(text: string): Registration | undefined {
  const value = parseJson(text)
  if (!isJsonObject(value) || !isJsonObject(value.context) || typeof value.ttlMs !== 'number')
    return undefined
  return { context: value.context, ttlMs: value.ttlMs, refreshOnUse: value.refreshOnUse === true }
}

import { once } from 'node:events'
import { LRUCache } from 'lru-cache'
import { isJsonObject, parseJson } from '../../../shared/json.ts'
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
  /** Resolves when Redis is there, or soon after it was not. */
  start(): Promise<void>
  stop(): void
}

/** What another process changed is seen after this long; a refreshed life is longer by up to as much. */
const localMs = 2_000

/**
 * Nobody waits for a look-up but the record of an answered call, so it may take long: under a burst of
 * thousands of calls the answer of Redis can lie unread for seconds, and to give it up would lose the context.
 */
const answerWithinMs = 15_000

/** A start that is not held up for longer than this by a Redis that is away. */
const startMs = 1_000

type Local = { readonly entry: Registered; readonly askAgainAt: number }

/** Contexts that every process with the same Redis and prefix sees; the most recent also in memory. */
export function createRedisStore({ redisUrl, prefix, clock }: RedisStoreOptions): RedisStore {
  const redis = queryConnection(redisUrl, answerWithinMs)
  redis.on('error', () => undefined) // whoever asks is told
  const local = new LRUCache<string, Local>({ max: 1_000 })
  const getText = batchedGet(redis)
  const keyOf = (threadId: string) => `${prefix}:context:${threadId}`

  function keep(threadId: string, entry: Registered): Registered {
    local.set(threadId, { entry, askAgainAt: Math.min(clock.now() + localMs, entry.expiresAt) })
    return entry
  }

  async function read(threadId: string): Promise<Registered | undefined> {
    const key = keyOf(threadId)
    const text = await getText(key)
    const registration = text === null ? undefined : decode(text)
    if (registration === undefined) return undefined
    const leftMs = await redis.pttl(key)
    // -2: its life has ended since.
    return leftMs === -2 ? undefined : { ...registration, expiresAt: clock.now() + leftMs }
  }

  async function readForUse(threadId: string): Promise<Registered | undefined> {
    const found = await read(threadId)
    if (found === undefined) return undefined
    if (!found.refreshOnUse) return keep(threadId, found)
    await redis.pexpire(keyOf(threadId), found.ttlMs)
    return keep(threadId, { ...found, expiresAt: clock.now() + found.ttlMs })
  }

  return {
    async put(threadId, registration) {
      await redis.set(keyOf(threadId), JSON.stringify(registration), 'PX', registration.ttlMs)
      return keep(threadId, { ...registration, expiresAt: clock.now() + registration.ttlMs })
    },
    get: read,
    async delete(threadId) {
      local.delete(threadId)
      return (await redis.del(keyOf(threadId))) > 0
    },
    use(threadId) {
      const known = local.get(threadId)
      if (known !== undefined && known.askAgainAt > clock.now()) return known.entry
      return readForUse(threadId)
    },
    async start() {
      if (redis.status === 'ready') return
      await once(redis, 'ready', { signal: AbortSignal.timeout(startMs) }).catch(() => undefined)
    },
    stop: () => redis.disconnect(),
  }
}

/** Written by this version or another one: what is not understood is not there. */
function decode(text: string): Registration | undefined {
  const value = parseJson(text)
  if (!isJsonObject(value) || !isJsonObject(value.context) || typeof value.ttlMs !== 'number')
    return undefined
  return { context: value.context, ttlMs: value.ttlMs, refreshOnUse: value.refreshOnUse === true }
}

import { parseJson } from '../../shared/json.ts'
import type { RedisClient } from '../../shared/queue/redis.ts'
import { maxPairs } from './reporting.ts'
import { decodeLearned, type StoredPair } from './stored-reporting.ts'

/** What was learned, shared by all processes with the same Redis and prefix. Redis that is slow or away costs nothing else. */
export type SharedReporting = {
  /** Shares it now, or when Redis is back. */
  share(pair: StoredPair): void
  start(): void
  stop(): void
}

export type SharedReportingOptions = {
  readonly redis: RedisClient
  /** QUEUE_PREFIX */
  readonly prefix: string
  readonly now: () => number
  readonly onFound: (pairs: readonly StoredPair[]) => void
  /** How often others are asked for news, in ms. */
  readonly pollMs?: number
}

/** A day after the last change all of it has expired. */
const keepMs = 172_800_000

/**
 * One hash holds all pairs, and a number beside it counts its changes: a process that looks for news reads that number
 * and, only where it has changed, the hash.
 */
export function createSharedReporting(options: SharedReportingOptions): SharedReporting {
  const { redis, prefix, now, onFound, pollMs = 5_000 } = options
  const hash = `${prefix}:usage-reporting`
  const version = `${hash}:version`
  const unshared = new Map<string, StoredPair>()
  let seen: string | null = null
  let timer: NodeJS.Timeout | undefined
  let isSyncing = false

  async function sync(): Promise<void> {
    await push()
    const current = await redis.get(version)
    if (current === null || current === seen) return
    const entries = Object.entries(await redis.hgetall(hash))
    seen = current
    const pairs = entries.map(([pair, text]) => [pair, decodeLearned(parseJson(text), now())] as const)
    const alive = pairs.filter((entry): entry is StoredPair => entry[1] !== undefined)
    onFound(alive)
    await prune(entries, alive)
  }

  async function push(): Promise<void> {
    if (unshared.size === 0) return
    const pushed = [...unshared.values()]
    const values = pushed.flatMap(([pair, learned]) => [pair, JSON.stringify(learned)])
    await redis.hset(hash, ...values)
    for (const entry of pushed) if (unshared.get(entry[0]) === entry) unshared.delete(entry[0])
    await redis.incr(version)
    await Promise.all([redis.pexpire(hash, keepMs), redis.pexpire(version, keepMs)])
  }

  /** Removes what has expired or is damaged and, beyond the limit, what expires first. */
  async function prune(
    entries: readonly (readonly [string, string])[],
    alive: readonly StoredPair[],
  ): Promise<void> {
    const newest = [...alive].sort(([, a], [, b]) => b.expiresAt - a.expiresAt).slice(0, maxPairs)
    const kept = new Set(newest.map(([pair]) => pair))
    const gone = entries.map(([pair]) => pair).filter((pair) => !kept.has(pair))
    if (gone.length > 0) await redis.hdel(hash, ...gone)
  }

  function syncNow(): void {
    if (isSyncing) return
    isSyncing = true
    void sync()
      .catch(() => undefined)
      .finally(() => {
        isSyncing = false
      })
  }

  return {
    share(entry) {
      unshared.set(entry[0], entry)
      if (unshared.size > maxPairs) unshared.delete(unshared.keys().next().value as string)
      if (redis.status === 'ready') syncNow()
    },
    start() {
      redis.on('ready', syncNow)
      if (redis.status === 'ready') syncNow()
      timer = setInterval(syncNow, pollMs).unref()
    },
    stop() {
      clearInterval(timer)
      redis.off('ready', syncNow)
    },
  }
}

import { once } from 'node:events'
import type { Part } from '../../shared/lifecycle.ts'
import { queryConnection, type RedisClient } from '../../shared/queue/redis.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { decodeCall, encodeCall, type RememberedCall } from './remembered-call.ts'

/** What is remembered of calls in Redis, so that a run that several sidecars handle stays whole. */
export type SharedMemory = Part & {
  /** All keys in one round trip. @returns what is under them; nothing where Redis is slow or away. Never rejects */
  find(keys: readonly string[]): Promise<readonly RememberedCall[]>
  /** Never waits. */
  note(calls: readonly RememberedCall[]): void
}

export type SharedMemoryOptions = {
  readonly redisUrl: string
  /** QUEUE_PREFIX */
  readonly prefix: string
  readonly clock: Clock
  readonly idleMs: number
  /** Called for the first failure in a row. */
  readonly onFailure: (cause: unknown) => void
}

/** The record of a call waits for it, and no longer. */
const replyMs = 500
/** How long starting waits for Redis. */
const connectMs = 1_000
/** After a failure Redis is left alone for this time, so that records do not wait for it one after the other. */
const pauseMs = 2_000
/** More calls under one key than this are as ambiguous as any number, also where some stand there twice. */
const maxPerKey = 12
/** Keys that are shared of one call: more than any answer needs. */
const maxKeys = 64

export function createSharedMemory(options: SharedMemoryOptions): SharedMemory {
  const { redisUrl, prefix, clock, idleMs, onFailure } = options
  const redis = queryConnection(redisUrl, replyMs)
  let pausedUntil = 0
  let isFailing = false
  let pending: RememberedCall[] = []
  const running = new Set<Promise<unknown>>()

  const keyOf = (key: string): string => `${prefix}:stitching:${key}`
  const isAway = (): boolean => clock.monotonic() < pausedUntil

  function failed(cause: unknown): void {
    pausedUntil = clock.monotonic() + pauseMs
    if (!isFailing) onFailure(cause)
    isFailing = true
  }

  async function run(pipeline: ReturnType<RedisClient['pipeline']>): Promise<readonly unknown[]> {
    // A pipeline for a Cluster would wait until there is one.
    if (redis.status !== 'ready') throw new Error('Redis is not connected')
    const reply = pipeline.exec()
    running.add(reply)
    const results = (await reply.finally(() => running.delete(reply))) ?? []
    const failure = results.find(([error]) => error !== null)?.[0]
    if (failure) throw failure
    isFailing = false
    return results.map(([, value]) => value)
  }

  function write(): void {
    const calls = pending
    pending = []
    if (isAway() || calls.length === 0) return
    const pipeline = redis.pipeline()
    for (const call of calls) {
      const text = encodeCall(call)
      for (const key of call.keys.slice(0, maxKeys).map(keyOf)) {
        pipeline.rpush(key, text).ltrim(key, -maxPerKey, -1).pexpire(key, idleMs)
      }
    }
    void run(pipeline).catch(failed)
  }

  return {
    name: 'shared stitching memory',
    async find(keys) {
      if (isAway() || keys.length === 0) return []
      const pipeline = redis.pipeline()
      for (const key of keys.slice(0, maxKeys)) pipeline.lrange(keyOf(key), 0, -1)
      try {
        const lists = (await run(pipeline)) as readonly (readonly string[])[]
        return lists.flat().flatMap((text) => decodeCall(text) ?? [])
      } catch (cause) {
        failed(cause)
        return []
      }
    },
    note(calls) {
      if (pending.length === 0) setImmediate(write)
      pending.push(...calls)
    },
    async start() {
      if (redis.status === 'ready') return
      await once(redis, 'ready', { signal: AbortSignal.timeout(connectMs) }).catch(() => undefined)
    },
    /** What is under way is answered, or given up, before the connection goes. */
    async stop() {
      write()
      await Promise.allSettled(running)
      redis.disconnect()
    },
  }
}

/**
 * The secret that all sidecars with the same Redis hash with: the first one's.
 * @param own of this data folder
 * @throws where Redis does not answer in time
 */
export async function sharedStitchingKey(redisUrl: string, prefix: string, own: string): Promise<string> {
  const redis = queryConnection(redisUrl, replyMs)
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(connectMs) })
    const key = `${prefix}:stitching-key`
    await redis.set(key, own, 'NX')
    return (await redis.get(key)) ?? own
  } finally {
    redis.disconnect()
  }
}

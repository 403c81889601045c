import { Redis } from 'ioredis'

/**
 * A connection for handing packs over and for queries: a command succeeds or fails in time and is never queued
 * for later, because what waits belongs in the spool.
 */
export function queryConnection(url: string, timeoutMs = 1_000): Redis {
  return new Redis(url, {
    ...reconnecting,
    enableOfflineQueue: false,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 1,
  })
}

/** A connection for a BullMQ worker: its commands wait for Redis, as BullMQ requires (`maxRetriesPerRequest: null`). */
export function workerConnection(url: string): Redis {
  return new Redis(url, { ...reconnecting, maxRetriesPerRequest: null })
}

const reconnecting = {
  connectTimeout: 5_000,
  retryStrategy: (attempt: number) => Math.min(100 * 2 ** Math.min(attempt, 5), 2_000),
}

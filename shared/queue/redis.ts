import { Redis } from 'ioredis'

/**
 * A connection for handing packs over and asking questions: it answers or fails in time, and never keeps
 * commands for later, because what waits belongs into the spool.
 */
export function queryConnection(url: string, answerWithinMs = 1_000): Redis {
  return new Redis(url, {
    ...reconnecting,
    enableOfflineQueue: false,
    commandTimeout: answerWithinMs,
    maxRetriesPerRequest: 1,
  })
}

/** A connection for a BullMQ worker: its commands wait for Redis, as BullMQ asks (`maxRetriesPerRequest: null`). */
export function workerConnection(url: string): Redis {
  return new Redis(url, { ...reconnecting, maxRetriesPerRequest: null })
}

const reconnecting = {
  connectTimeout: 5_000,
  retryStrategy: (attempt: number) => Math.min(100 * 2 ** Math.min(attempt, 5), 2_000),
}

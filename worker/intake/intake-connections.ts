import { type RedisClient, workerConnection } from '../../shared/queue/redis.ts'

/** The connections of one BullMQ worker: the one it is given, and those that it duplicates from it. */
export type IntakeConnections = {
  readonly redis: RedisClient
  /** Resolves when Redis cannot be reached, now or later. */
  untilLost(): Promise<void>
  disconnect(): void
}

/** BullMQ duplicates its connection for blocking reads, and does not end the duplicate while Redis is away. */
export function connectIntake(redisUrl: string): IntakeConnections {
  const redis = workerConnection(redisUrl)
  const all = [redis]
  const duplicate = redis.duplicate.bind(redis) as (...overrides: unknown[]) => RedisClient
  Object.assign(redis, {
    duplicate(...overrides: unknown[]) {
      const copy = duplicate(...overrides)
      all.push(copy)
      return copy
    },
  })

  async function untilLost(): Promise<void> {
    // The status is no proof: just after Redis died a connection may still call itself ready.
    if (redis.status === 'ready') await new Promise<void>((resolve) => redis.once('close', () => resolve()))
  }

  return {
    redis,
    untilLost,
    disconnect() {
      for (const connection of all) connection.disconnect()
    },
  }
}

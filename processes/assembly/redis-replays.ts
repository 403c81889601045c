import type { Config } from '../../shared/config/load.ts'
import type { Part } from '../../shared/lifecycle.ts'
import { reportReplayed } from '../../shared/queue/outcomes.ts'
import { queryConnection } from '../../shared/queue/redis.ts'

export type RedisReplays = Part & {
  /** Counts a replayed dead letter as delivered, in the ledger of the proxy it came from. */
  countReplayed(origin: string): Promise<void>
}

/** A connection of its own: publisher and intake have theirs. */
export function redisReplays(redisUrl: string, { queueName, queuePrefix: prefix }: Config): RedisReplays {
  const redis = queryConnection(redisUrl)
  redis.on('error', () => undefined)
  return {
    name: 'connection for replays',
    stop: () => redis.disconnect(),
    countReplayed: (origin) => reportReplayed(redis, { queueName, prefix }, origin),
  }
}

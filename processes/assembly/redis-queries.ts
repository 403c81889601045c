import type { Part } from '../../shared/lifecycle.ts'
import type { MediaSource } from '../../shared/queue/media-source.ts'
import { reportReplayed } from '../../shared/queue/outcomes.ts'
import { readQueueDepth } from '../../shared/queue/queue-depth.ts'
import { queryConnection } from '../../shared/queue/redis.ts'
import { mediaFromRedis } from '../../worker/intake/media-from-redis.ts'
import { registerQueueMetrics } from './queue-metrics.ts'
import type { Runtime } from './runtime.ts'

export type RedisQueries = Part & {
  /** The media that travel beside the packs. */
  readonly media: MediaSource
  /** Counts a replayed dead letter as delivered, in the ledger of the proxy it came from. */
  countReplayed(origin: string): Promise<void>
}

/** What is asked of Redis now and then, over a connection of its own: publisher and intake have theirs. Shows the queue's depth. */
export function redisQueries(redisUrl: string, { config, registry, clock }: Runtime): RedisQueries {
  const names = { queueName: config.queueName, prefix: config.queuePrefix }
  const redis = queryConnection(redisUrl)
  registerQueueMetrics(registry, clock, () => readQueueDepth(redis, names))
  return {
    name: 'connection for replays and queries',
    stop: () => redis.disconnect(),
    media: mediaFromRedis(redis, names),
    countReplayed: (origin) => reportReplayed(redis, names, origin),
  }
}

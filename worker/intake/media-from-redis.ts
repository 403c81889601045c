import { readMedium, removeMedium } from '../../shared/queue/media-in-redis.ts'
import type { MediaSource } from '../../shared/queue/media-source.ts'
import type { QueueNames } from '../../shared/queue/queue-names.ts'
import type { RedisClient } from '../../shared/queue/redis.ts'

/**
 * Media that proxies have put beside the queue. Any number of workers and records may need them, so that they go once the
 * sink has them, and otherwise expire.
 */
export function mediaFromRedis(redis: RedisClient, names: QueueNames): MediaSource {
  return {
    read: (sha256) => readMedium(redis, names, sha256).catch(() => undefined),
    stored({ sha256, bytes: size }) {
      void removeMedium(redis, names, { sha256, size }).catch(() => undefined)
    },
    settled: () => undefined,
  }
}

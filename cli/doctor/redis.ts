import type { Config } from '../../shared/config/load.ts'
import { parseRedisUrl, shownHosts } from '../../shared/config/redis-url.ts'
import { reasonOf } from '../../shared/error-cause.ts'
import { queueServer } from '../../shared/queue/queue-server.ts'
import { type RedisClient, singleConnection } from '../../shared/queue/redis.ts'
import type { Check } from './check.ts'
import { type Finding, notOk, notUsed, ok } from './reach/finding.ts'
import { redisFailure } from './redis-failure.ts'

/** Whether Redis responds, keeps queued jobs from eviction, and how many packs are queued. */
export function redisCheck(config: Config): Check {
  const { redisUrl } = config
  return {
    name: 'Redis',
    // A connection that does not come about fails sooner.
    silence: (timeoutMs) =>
      redisFailure(
        parseRedisUrl(redisUrl ?? ''),
        `it takes connections, but gave no answer within ${timeoutMs / 1000} s: it is busy, or no Redis`,
      ),
    async run(signal): Promise<Finding> {
      if (redisUrl === undefined) {
        return notUsed('REDIS_URL is not set: the worker reads the spool in the same process')
      }
      const address = parseRedisUrl(redisUrl)
      const redis = singleConnection(redisUrl)
      let connectionError: unknown
      let sentinelError: unknown
      redis.on('error', (cause) => {
        connectionError = cause
      })
      redis.on('sentinelError', (cause) => {
        sentinelError = cause
      })
      signal.addEventListener('abort', () => redis.disconnect())
      try {
        await redis.connect()
        const packs = await countPacks(redis, config)
        const server = queueServer(redis, { queueName: config.queueName, prefix: config.queuePrefix })
        return redisFinding(await server.info(), packs, shownHosts(address))
      } catch (cause) {
        const reason = reasonOf(connectionError ?? cause)
        return redisFailure(address, reason.startsWith('All sentinels') ? reasonOf(sentinelError) : reason)
      } finally {
        redis.disconnect()
      }
    },
  }
}

/** Reads BullMQ's keys directly: opening its Queue would write. */
async function countPacks(redis: RedisClient, { queuePrefix, queueName }: Config): Promise<number> {
  const key = (state: string) => `${queuePrefix}:${queueName}:${state}`
  const counts = await Promise.all([
    redis.llen(key('wait')),
    redis.llen(key('active')),
    redis.zcard(key('delayed')),
    redis.zcard(key('prioritized')),
  ])
  return counts.reduce((sum, count) => sum + count, 0)
}

function redisFinding(info: string, packs: number, host: string): Finding {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
  const summary = `${host} answers, version ${field('redis_version')}, ${packs} packs in the queue`
  const policy = field('maxmemory_policy')
  if (policy === undefined || policy === 'noeviction') return ok(summary)
  // docs.bullmq.io/guide/going-to-production: any other policy may evict jobs that were never processed.
  return notOk(
    `${summary}, but maxmemory-policy is ${policy}: it may throw queued records away`,
    'redis-cli CONFIG SET maxmemory-policy noeviction, and the same in its configuration file',
  )
}

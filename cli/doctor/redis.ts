import { Redis } from 'ioredis'
import type { Config } from '../../shared/config/load.ts'
import { reasonOf } from '../../shared/error-cause.ts'
import type { Check } from './check.ts'
import { type Finding, notOk, notUsed, ok } from './reach/finding.ts'

/** Whether Redis responds, keeps queued jobs from eviction, and how many packs are queued. */
export function redisCheck(config: Config): Check {
  const { redisUrl } = config
  return {
    name: 'Redis',
    async run(signal): Promise<Finding> {
      if (redisUrl === undefined) {
        return notUsed('REDIS_URL is not set: the worker reads the spool in the same process')
      }
      const redis = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null })
      let connectionError: unknown
      redis.on('error', (cause) => {
        connectionError = cause
      })
      signal.addEventListener('abort', () => redis.disconnect())
      try {
        await redis.connect()
        return redisFinding(await redis.info(), await countPacks(redis, config), new URL(redisUrl).host)
      } catch (cause) {
        return failureFinding(new URL(redisUrl), reasonOf(connectionError ?? cause))
      } finally {
        redis.disconnect()
      }
    },
  }
}

/** Reads BullMQ's keys directly: opening its Queue would write. */
async function countPacks(redis: Redis, { queuePrefix, queueName }: Config): Promise<number> {
  const key = (state: string) => `${queuePrefix}:${queueName}:${state}`
  const counts = await Promise.all([
    redis.llen(key('wait')),
    redis.llen(key('active')),
    redis.zcard(key('delayed')),
    redis.zcard(key('prioritized')),
  ])
  return counts.reduce((sum, count) => sum + count, 0)
}

function failureFinding({ protocol, host }: URL, reason: string): Finding {
  const summary = `${host} cannot be used: ${reason}`
  if (/NOAUTH|WRONGPASS/.test(reason))
    return notOk(summary, `REDIS_URL=${protocol}//<user>:<password>@${host}`)
  if (protocol === 'rediss:' && /SSL|wrong version/i.test(reason)) {
    return notOk(`${host} speaks no TLS: ${reason}`, `REDIS_URL=redis://${host}`)
  }
  if (protocol === 'redis:' && /closed|ECONNRESET/i.test(reason)) {
    return notOk(`${summary}; it may want TLS`, `REDIS_URL=rediss://${host}`)
  }
  return notOk(summary, `redis-cli -u ${protocol}//${host} ping, or REDIS_URL=redis://<host>:<port>`)
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

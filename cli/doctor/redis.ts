import { Redis } from 'ioredis'
import type { Config } from '../../shared/config/load.ts'
import { reasonOf } from '../../shared/error-cause.ts'
import { type Check, type Finding, notOk, notUsed, ok } from './check.ts'

/** Whether Redis answers, will not evict what is queued, and how much waits in it. */
export function redisCheck(config: Config): Check {
  const { redisUrl } = config
  return {
    name: 'Redis',
    async run(signal): Promise<Finding> {
      if (redisUrl === undefined) {
        return notUsed('REDIS_URL is not set: the worker reads the spool in the same process')
      }
      const redis = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null })
      let trouble: unknown
      redis.on('error', (cause) => {
        trouble = cause
      })
      signal.addEventListener('abort', () => redis.disconnect())
      try {
        await redis.connect()
        return examine(await redis.info(), await packsIn(redis, config), new URL(redisUrl).host)
      } catch (cause) {
        return notOk(
          `cannot be used: ${reasonOf(trouble ?? cause)}`,
          'see that it runs and REDIS_URL is right',
        )
      } finally {
        redis.disconnect()
      }
    },
  }
}

/** BullMQ's own keys are read: opening its Queue would write. */
async function packsIn(redis: Redis, { queuePrefix, queueName }: Config): Promise<number> {
  const key = (state: string) => `${queuePrefix}:${queueName}:${state}`
  const counts = await Promise.all([
    redis.llen(key('wait')),
    redis.llen(key('active')),
    redis.zcard(key('delayed')),
    redis.zcard(key('prioritized')),
  ])
  return counts.reduce((sum, count) => sum + count, 0)
}

function examine(info: string, packs: number, host: string): Finding {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
  const said = `${host} answers, version ${field('redis_version')}, ${packs} packs in the queue`
  const policy = field('maxmemory_policy')
  if (policy === undefined || policy === 'noeviction') return ok(said)
  // docs.bullmq.io/guide/going-to-production: any other policy may evict jobs that were never worked off.
  return notOk(
    `${said}, but maxmemory-policy is ${policy}: it may throw queued records away`,
    'CONFIG SET maxmemory-policy noeviction, and in its configuration file',
  )
}

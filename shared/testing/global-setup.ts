import type { TestProject } from 'vitest/node'
import { startRedis } from './private-redis.ts'
import { findRedisServer, installRedisServer } from './redis-binary.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A Redis that all test files share: take a queue prefix of your own, and never FLUSH. */
    redisUrl: string
  }
}

/** Before all tests: a Redis, given or started. After them: what was started is stopped. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.TEST_REDIS_URL
  if (given) {
    project.provide('redisUrl', given)
    return undefined
  }
  const redis = await startRedis({ program: findRedisServer() ?? installRedisServer() })
  project.provide('redisUrl', redis.url)
  return redis.stop
}

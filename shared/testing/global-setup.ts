import type { TestProject } from 'vitest/node'
import { startRedis } from './private-redis.ts'
import { findRedisServer, installRedisServer } from './redis-binary.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A Redis shared by all test files: use a queue prefix of your own, and never FLUSH. */
    redisUrl: string
  }
}

/** Provides a Redis for all tests: TEST_REDIS_URL, or one that is started here and stopped after them. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const configured = process.env.TEST_REDIS_URL
  if (configured) {
    project.provide('redisUrl', configured)
    return undefined
  }
  const redis = await startRedis({ program: findRedisServer() ?? installRedisServer() })
  project.provide('redisUrl', redis.url)
  return redis.stop
}

import type { Redis } from 'ioredis'

/** Of a run's queue in Redis: see `queueEnv` of world.ts. */
const prefix = '{faults}:packs'

/** Lets the locks of killed workers expire now rather than later, so that a run takes less time. */
export async function expireLocks(redis: Redis): Promise<void> {
  const active = await redis.lrange(`${prefix}:active`, 0, -1)
  if (active.length > 0) await redis.unlink(active.map((id) => `${prefix}:${id}:lock`))
}

/** Makes every waiting job one that this many workers have died over. */
export async function setStalledCount(redis: Redis, count: number): Promise<number> {
  const waiting = await redis.lrange(`${prefix}:wait`, 0, -1)
  for (const id of waiting) await redis.hset(`${prefix}:${id}`, 'stc', count)
  return waiting.length
}

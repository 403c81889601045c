import type { Redis } from 'ioredis'

const fillerBytes = 20_000_000

/** Sets a memory limit and fills Redis up to a share of it, beyond it above 1, with a key called `filler`. */
export async function fillMemory(redis: Redis, share: number): Promise<void> {
  // Made by Redis itself: what a client sends is in its buffers as well, for a while.
  await redis.setrange('filler', fillerBytes - 1, 'x')
  const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
  await redis.config('SET', 'maxmemory', String(Math.floor(used / share)))
}

/** @returns how many commands Redis has refused because it is at its memory limit; 0 before 6.2, which does not count them */
export async function countRefusals(redis: Redis): Promise<number> {
  return Number(/errorstat_OOM:count=(\d+)/.exec(await redis.info('errorstats'))?.[1] ?? 0)
}

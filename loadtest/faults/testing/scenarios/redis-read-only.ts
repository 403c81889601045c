import type { Scenario } from '../scenario.ts'

export const redisReadOnly: Scenario = {
  name: 'redis-read-only',
  injected: 'Redis becomes a replica of one that is away, as in a failover: it reads, and refuses to write',
  demands: 'Packs wait in the spool; proxy and worker go on by themselves once it is a primary again.',
  world: { deployment: 'split' },
  quick: true,
  async inject({ world }) {
    await world.redis.client().replicaof('127.0.0.1', 1)
    await world.proxy.untilDegraded('redis')
  },
  async heal({ world }) {
    await world.redis.client().replicaof('NO', 'ONE')
    await world.proxy.untilDegraded('redis', false)
  },
}

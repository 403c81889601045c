import type { Scenario } from '../scenario.ts'

export const redisUnreachableAtStart: Scenario = {
  name: 'redis-unreachable-at-start',
  injected: 'Redis is not there when proxy and worker start, and comes later',
  demands: 'Both start and say what is missing; the proxy is ready, and its calls go on.',
  world: { deployment: 'split', redis: { downAtFirst: true } },
  quick: false,
  async inject({ world, check }) {
    for (const each of [world.proxy, world.worker]) {
      await each.untilDegraded('redis')
      const { ready } = await each.getJson<{ ready: boolean }>('/readyz')
      check(ready, `the ${each.command} is not ready`)
    }
  },
  async heal({ world }) {
    await world.redis.start()
    for (const each of [world.proxy, world.worker]) await each.untilDegraded('redis', false)
  },
}

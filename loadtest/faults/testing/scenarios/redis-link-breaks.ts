import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

const times = 10

export const redisLinkBreaks: Scenario = {
  name: 'redis-link-breaks',
  injected: `the connections to Redis are reset and half-closed in turn, ${times} times among the calls`,
  demands: 'Proxy and worker connect again each time; packs that may have arrived are not delivered twice.',
  world: { deployment: 'split' },
  quick: false,
  async inject({ world, calls }) {
    for (let time = 0; time < times; time++) {
      const made = calls.make(4)
      await pause(50)
      if (time % 2 === 0) world.links.redis.reset()
      else world.links.redis.halfClose()
      await made
    }
    world.links.redis.reset()
  },
}

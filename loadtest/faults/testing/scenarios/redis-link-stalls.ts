import type { Scenario } from '../scenario.ts'

export const redisLinkStalls: Scenario = {
  name: 'redis-link-stalls',
  injected: 'the network to Redis passes nothing on, and keeps every connection',
  demands: 'No call waits; what arrives late is not delivered twice.',
  world: { deployment: 'split' },
  quick: false,
  async inject({ world }) {
    world.links.redis.stall()
    await world.proxy.untilDegraded('redis')
  },
  async heal({ world }) {
    world.links.redis.heal()
    await world.proxy.untilDegraded('redis', false)
  },
}

import type { Scenario } from '../scenario.ts'

export const redisLinkForgets: Scenario = {
  name: 'redis-link-forgets',
  injected:
    'the network to Redis forgets the connections that are open, and tells neither end: as after a firewall restarted',
  demands: 'Proxy and worker notice that nothing answers, and make new connections.',
  world: { deployment: 'split' },
  quick: false,
  async inject({ world }) {
    world.links.redis.forget()
    await world.proxy.untilDegraded('redis')
  },
  heal: ({ world }) => world.proxy.untilDegraded('redis', false),
  expects: { patienceMs: 60_000 },
}

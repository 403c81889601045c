import type { Scenario } from '../scenario.ts'

const delayMs = 150

export const redisSlow: Scenario = {
  name: 'redis-slow',
  injected: `every byte to and from Redis comes ${delayMs} ms late`,
  demands: 'Records are late; calls are not.',
  world: { deployment: 'split' },
  quick: false,
  inject: async ({ world }) => world.links.redis.delay(delayMs),
  heal: async ({ world }) => world.links.redis.heal(),
}

import type { Scenario } from '../scenario.ts'

export const redisHung: Scenario = {
  name: 'redis-hung',
  injected: 'Redis hangs (SIGSTOP): it keeps its connections and answers nothing',
  demands: 'No call waits for it; what was handed over when it hung is delivered once.',
  world: { deployment: 'split' },
  quick: true,
  async inject({ world }) {
    world.redis.freeze()
    await world.proxy.untilDegraded('redis')
  },
  async heal({ world }) {
    world.redis.thaw()
    await world.proxy.untilDegraded('redis', false)
  },
}

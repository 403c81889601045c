import type { Scenario } from '../scenario.ts'

export const redisKilled: Scenario = {
  name: 'redis-killed',
  injected: 'Redis is killed (SIGKILL), and started again with its append-only file',
  demands: 'Calls go on; what was made meanwhile waits in the spool, and nothing is lost.',
  world: { deployment: 'split', redis: { args: ['--appendonly', 'yes'] } },
  quick: true,
  async inject({ world }) {
    await world.redis.kill()
    await world.proxy.untilDegraded('redis')
  },
  async heal({ world }) {
    await world.redis.start()
    await world.proxy.untilDegraded('redis', false)
  },
}

import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

export const redisKilled: Scenario = {
  name: 'redis-killed',
  injected: 'Redis is killed (SIGKILL) among the calls, and started again with its append-only file',
  demands: 'Calls go on; what was made meanwhile waits in the spool, and nothing is lost.',
  world: { deployment: 'split', redis: { args: ['--appendonly', 'yes'] } },
  quick: true,
  async inject({ world, calls }) {
    const made = calls.make(60, { everyMs: 100 })
    await pause(300)
    await world.redis.kill()
    await made
    await world.proxy.untilDegraded('redis')
  },
  async heal({ world }) {
    await world.redis.start()
    await world.proxy.untilDegraded('redis', false)
  },
}

import type { Scenario } from '../scenario.ts'

export const redisRestartsEmpty: Scenario = {
  name: 'redis-restarts-empty',
  injected:
    'Redis is killed with packs in it, and comes back without persistence, as after a failover to an empty replica',
  demands: 'What it had is sent again from the spool; the worker finds its scripts gone, and loads them.',
  world: { deployment: 'split' },
  quick: false,
  async inject({ world, calls }) {
    world.links.langfuse.stall()
    await calls.make(30)
    await world.proxy.untilLedger(({ queued }) => queued >= 30)
    await world.redis.kill()
    await world.proxy.untilDegraded('redis')
  },
  async heal({ world }) {
    await world.redis.start()
    world.links.langfuse.heal()
    await world.proxy.untilDegraded('redis', false)
  },
  expects: { patienceMs: 60_000 },
}

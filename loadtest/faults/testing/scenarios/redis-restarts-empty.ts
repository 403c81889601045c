import type { Scenario } from '../scenario.ts'

export const redisRestartsEmpty: Scenario = {
  name: 'redis-restarts-empty',
  injected:
    'Redis is killed with packs in it, and comes back without persistence, as after a failover to an empty replica',
  demands: 'What it had is sent again from the spool; the worker finds its scripts gone, and loads them.',
  world: { deployment: 'split' },
  quick: false,
  async inject({ world, calls }) {
    await world.proxy.untilLedger(({ spooled, queued }) => spooled + queued === 0)
    // What it has in hand it delivers without Redis.
    process.kill(world.worker.pid(), 'SIGSTOP')
    await calls.make(30)
    await world.proxy.untilLedger(({ queued }) => queued >= 30)
    await world.redis.kill()
    await world.proxy.untilDegraded('redis')
  },
  async heal({ world }) {
    await world.redis.start()
    process.kill(world.worker.pid(), 'SIGCONT')
    await world.proxy.untilDegraded('redis', false)
  },
  async verify({ world, check }) {
    const lost = await world.proxy.metric('threadtap_records_requeued_total')
    check(lost >= 30, `${lost} records counted as lost by Redis and sent again, instead of 30`)
  },
  expects: { patienceMs: 60_000 },
}

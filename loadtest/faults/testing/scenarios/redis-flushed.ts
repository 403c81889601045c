import type { Scenario } from '../scenario.ts'

export const redisFlushed: Scenario = {
  name: 'redis-flushed',
  injected: 'FLUSHALL while packs wait in Redis and no worker runs',
  demands:
    'The packs go there again from the spool: nothing is lost, and nothing that was delivered is taken back.',
  world: { deployment: 'split' },
  quick: false,
  async inject({ world, calls }) {
    await world.proxy.untilLedger(({ spooled, queued }) => spooled + queued === 0)
    await world.worker.stop()
    await calls.make(30)
    await world.proxy.untilLedger(({ queued }) => queued === 30)
    await world.redis.client().flushall()
  },
  heal: ({ world }) => world.worker.start(),
  async verify({ world, check }) {
    const lost = await world.proxy.metric('threadtap_records_requeued_total')
    check(lost >= 30, `${lost} records counted as lost by Redis and sent again, instead of 30`)
  },
  expects: { patienceMs: 60_000 },
}

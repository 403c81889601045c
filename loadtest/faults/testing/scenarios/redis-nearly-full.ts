import { fillMemory } from '../redis-memory.ts'
import type { Scenario } from '../scenario.ts'

export const redisNearlyFull: Scenario = {
  name: 'redis-nearly-full',
  injected: 'Redis uses 75 % of its memory limit',
  demands:
    'Nothing is handed over above 70 %, because at the limit its queue locks up; packs wait in the spool.',
  world: { deployment: 'split', redis: { args: ['--maxmemory-policy', 'noeviction'] } },
  quick: true,
  async inject({ world, calls, check }) {
    await world.proxy.untilLedger(({ spooled, queued }) => spooled + queued === 0)
    await fillMemory(world.redis.client(), 0.75)
    await world.proxy.untilDegraded('redis')
    const { accepted } = await world.proxy.ledger()
    await calls.make(20)
    const { spooled, queued } = await world.proxy.untilLedger((ledger) => ledger.accepted === accepted + 20)
    check(spooled === 20 && queued === 0, `${queued} records were handed over all the same`)
  },
  async heal({ world }) {
    await world.redis.client().del('filler')
    await world.proxy.untilDegraded('redis', false)
  },
}

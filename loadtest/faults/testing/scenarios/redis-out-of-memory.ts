import { countRefusals, fillMemory } from '../redis-memory.ts'
import type { Scenario } from '../scenario.ts'

export const redisOutOfMemory: Scenario = {
  name: 'redis-out-of-memory',
  injected: 'Redis is at its memory limit (noeviction) with packs in it, and the worker is started again',
  demands:
    'Nothing more is handed over; the worker waits without a storm of errors, and goes on once there is memory.',
  world: { deployment: 'split', redis: { args: ['--maxmemory-policy', 'noeviction'] } },
  quick: false,
  async inject({ world, calls, check, note }) {
    await world.worker.stop()
    await calls.make(30)
    await world.proxy.untilLedger(({ queued }) => queued >= 30)
    await fillMemory(world.redis.client(), 1.2)
    await world.proxy.untilDegraded('redis')
    await world.worker.start()
    await world.worker.untilDegraded('redis')
    const [lines, refusals] = [linesOf(world.worker.log()), await countRefusals(world.redis.client())]
    // A few seconds, with a record to hand over in each.
    await calls.make(60, { everyMs: 400 })
    const written = linesOf(world.worker.log()) - lines
    check(written < 20, `the worker wrote ${written} lines about it`)
    const refused = (await countRefusals(world.redis.client())) - refusals
    note(`Redis refused ${refused} commands in those seconds`)
    check(refused < 50, `Redis was asked ${refused} times in vain`)
  },
  async heal({ world }) {
    await world.redis.client().del('filler')
    await world.proxy.untilDegraded('redis', false)
  },
  expects: { patienceMs: 60_000 },
}

const linesOf = (log: string): number => log.split('\n').length

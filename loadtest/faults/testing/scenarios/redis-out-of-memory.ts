import { fillMemory } from '../redis-memory.ts'
import type { Scenario } from '../scenario.ts'

export const redisOutOfMemory: Scenario = {
  name: 'redis-out-of-memory',
  injected: 'Redis is at its memory limit (noeviction) with packs in it, and the worker is started again',
  demands:
    'Nothing more is handed over; the worker waits without a storm of errors, and goes on once there is memory.',
  world: { deployment: 'split', redis: { args: ['--maxmemory-policy', 'noeviction'] } },
  quick: false,
  async inject({ world, calls, check }) {
    await world.worker.stop()
    await calls.make(30)
    await world.proxy.untilLedger(({ queued }) => queued >= 30)
    await fillMemory(world.redis.client(), 1.2)
    await world.proxy.untilDegraded('redis')
    await world.worker.start()
    await world.worker.untilDegraded('redis')
    const errors = await errorsMeanwhile(world.worker.log, () => calls.make(60, { everyMs: 100 }))
    check(errors < 20, `the worker wrote ${errors} lines about it`)
  },
  async heal({ world }) {
    await world.redis.client().del('filler')
    await world.proxy.untilDegraded('redis', false)
  },
  expects: { patienceMs: 60_000 },
}

async function errorsMeanwhile(log: () => string, during: () => Promise<unknown>): Promise<number> {
  const before = log().length
  await during()
  return log().slice(before).split('\n').length - 1
}

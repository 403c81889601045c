import type { Scenario } from '../scenario.ts'

export const workerStopsWithoutRedis: Scenario = {
  name: 'worker-stops-without-redis',
  injected: 'the worker is asked to end (SIGTERM) while Redis hangs, and is started again later',
  demands: 'It ends by itself, with exit code 0, and what it had comes back to the next one.',
  world: { deployment: 'split' },
  quick: false,
  async inject({ world, check, note }) {
    world.links.redis.stall()
    await world.worker.untilDegraded('redis')
    const code = await world.worker.stop()
    note(`the worker ended with ${code}`)
    check(code === 0, `the worker ended with ${code}`)
  },
  async heal({ world }) {
    world.links.redis.heal()
    await world.worker.start()
  },
  expects: { patienceMs: 60_000 },
}

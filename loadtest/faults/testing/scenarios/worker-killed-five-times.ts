import { expireLocks } from '../queue-keys.ts'
import type { Scenario } from '../scenario.ts'

const kills = 5

export const workerKilledFiveTimes: Scenario = {
  name: 'worker-killed-five-times',
  injected: `${kills} workers in a row are killed over the same packs`,
  demands:
    'That is not the fault of the packs: they are neither failed nor dead letters, and are delivered by the next one.',
  world: { deployment: 'split', env: { LANGFUSE_TIMEOUT: '30' } },
  quick: false,
  async inject({ world, calls }) {
    await world.proxy.untilLedger(({ spooled, queued }) => spooled + queued === 0)
    world.links.langfuse.stall()
    await calls.make(10)
    await world.proxy.untilLedger(({ queued }) => queued === 10)
    for (let kill = 0; kill < kills; kill++) {
      await world.worker.untilLedger(({ queued }) => queued === 10)
      await world.worker.stop('SIGKILL')
      await expireLocks(world.redis.client())
      await world.worker.start()
    }
    await world.worker.untilLedger(({ queued }) => queued === 10)
  },
  async heal({ world }) {
    world.links.langfuse.reset()
    world.links.langfuse.heal()
  },
  expects: { patienceMs: 60_000 },
}

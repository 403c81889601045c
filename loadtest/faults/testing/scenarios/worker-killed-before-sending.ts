import type { Scenario } from '../scenario.ts'

export const workerKilledBeforeSending: Scenario = {
  name: 'worker-killed-before-sending',
  injected: 'the worker is killed (SIGKILL) with batches on their way to a Langfuse that hangs',
  demands: 'Another worker gets its packs after their locks have expired; nothing is lost or shown twice.',
  world: { deployment: 'split', env: { LANGFUSE_TIMEOUT: '30' } },
  quick: false,
  async inject({ world, calls }) {
    world.links.langfuse.stall()
    await calls.make(40)
    await world.proxy.untilLedger(({ queued }) => queued >= 40)
    await world.worker.stop('SIGKILL')
  },
  async heal({ world }) {
    world.links.langfuse.reset()
    world.links.langfuse.heal()
    await world.worker.start()
  },
  expects: { patienceMs: 60_000 },
}

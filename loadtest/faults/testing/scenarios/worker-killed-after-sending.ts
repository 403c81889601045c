import type { Scenario } from '../scenario.ts'
import { countGivenAgain } from '../sink.ts'
import { waitFor } from '../wait-for.ts'

export const workerKilledAfterSending: Scenario = {
  name: 'worker-killed-after-sending',
  injected: 'the worker is killed (SIGKILL) after Langfuse took its batches, and before it knew',
  demands: 'They are sent again under the same ids and times, and shown once.',
  world: { deployment: 'split', env: { LANGFUSE_TIMEOUT: '30' } },
  quick: false,
  async inject({ world, calls }) {
    await world.proxy.untilLedger(({ spooled, queued }) => spooled + queued === 0)
    const before = world.langfuse.rows().length
    world.langfuse.answerAfter(20_000)
    await calls.make(20)
    await waitFor('a batch to reach Langfuse', () => world.langfuse.rows().length > before)
    await world.worker.stop('SIGKILL')
    world.langfuse.answerAfter(0)
  },
  heal: ({ world }) => world.worker.start(),
  async verify({ world, check }) {
    check(countGivenAgain(world) > 0, 'nothing was sent again, so that nothing was tested')
  },
  expects: { patienceMs: 60_000 },
}

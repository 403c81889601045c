import type { Scenario } from '../scenario.ts'
import { countGivenAgain } from '../sink.ts'

export const langfuseHangs: Scenario = {
  name: 'langfuse-hangs',
  injected: 'Langfuse accepts connections and requests, and answers none',
  demands: 'Sending times out and is tried again; what arrived meanwhile is shown once.',
  world: { deployment: 'start', env: { LANGFUSE_TIMEOUT: '1' } },
  quick: false,
  async inject({ world, calls }) {
    // The server's version is known by then, so that it is batches that hang.
    await world.proxy.untilLedger(({ delivered }) => delivered === calls.outcomes.length)
    world.langfuse.answerAfter(60_000)
  },
  async heal({ world }) {
    await world.proxy.untilDegraded('sinks')
    world.langfuse.answerAfter(0)
  },
  async verify({ world, check }) {
    check(countGivenAgain(world) > 0, 'nothing was sent again, so that nothing was tested')
  },
  expects: { patienceMs: 60_000 },
}

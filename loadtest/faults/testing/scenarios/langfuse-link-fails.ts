import type { Scenario } from '../scenario.ts'
import { countGivenAgain } from '../sink.ts'
import { waitFor } from '../wait-for.ts'

export const langfuseLinkFails: Scenario = {
  name: 'langfuse-link-fails',
  injected: 'the network to Langfuse: slow, half-closed, cut in the middle of answers, in turn',
  demands:
    'Everything arrives; what Langfuse took before the connection broke is sent again, and shown once.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world, calls }) {
    const link = world.links.langfuse
    const untilDelivered = () =>
      world.proxy.untilLedger(({ delivered }) => delivered === calls.outcomes.length)
    link.delay(200)
    await calls.make(10)
    await untilDelivered()
    link.halfClose()
    await calls.make(10)
    await untilDelivered()
    link.cutAfter(40)
    await calls.make(10)
    await waitFor('a batch to be sent again whose answer was cut off', () => countGivenAgain(world) > 0)
  },
  heal: async ({ world }) => world.links.langfuse.heal(),
  expects: { patienceMs: 60_000 },
}

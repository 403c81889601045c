import type { Scenario } from '../scenario.ts'
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
    link.delay(200)
    await calls.make(10)
    await world.proxy.untilLedger(({ spooled }) => spooled === 0)
    link.halfClose()
    await calls.make(10)
    await world.proxy.untilLedger(({ spooled }) => spooled === 0)
    link.cutAfter(40)
    await calls.make(10)
    const sentAgain = () => world.langfuse.rows().length - world.langfuse.observations().length
    await waitFor('a batch to be sent again whose answer was cut off', () => sentAgain() > 0)
  },
  heal: async ({ world }) => world.links.langfuse.heal(),
  expects: { patienceMs: 60_000 },
}

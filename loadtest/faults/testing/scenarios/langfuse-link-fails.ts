import type { Scenario } from '../scenario.ts'

export const langfuseLinkFails: Scenario = {
  name: 'langfuse-link-fails',
  injected: 'the network to Langfuse: slow, half-closed, cut in the middle of answers, in turn',
  demands: 'Everything arrives, and is shown once.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world, calls }) {
    const link = world.links.langfuse
    link.delay(200)
    await calls.make(10)
    link.halfClose()
    await calls.make(10)
    link.cutAfter(40)
    await calls.make(10)
  },
  heal: async ({ world }) => world.links.langfuse.heal(),
  expects: { patienceMs: 60_000 },
}

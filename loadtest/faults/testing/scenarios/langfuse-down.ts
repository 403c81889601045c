import type { Scenario } from '../scenario.ts'

export const langfuseDown: Scenario = {
  name: 'langfuse-down',
  injected: 'Langfuse resets every connection',
  demands: 'Records wait in the spool; the outage uses none of them up.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world }) {
    world.links.langfuse.refuse()
  },
  async heal({ world }) {
    await world.proxy.untilDegraded('sinks')
    world.links.langfuse.heal()
  },
  expects: { patienceMs: 60_000 },
}

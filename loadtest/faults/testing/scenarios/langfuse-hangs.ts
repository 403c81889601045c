import type { Scenario } from '../scenario.ts'

export const langfuseHangs: Scenario = {
  name: 'langfuse-hangs',
  injected: 'Langfuse accepts connections and requests, and answers none',
  demands: 'Sending times out and is tried again; what arrived meanwhile is shown once.',
  world: { deployment: 'start', env: { LANGFUSE_TIMEOUT: '1' } },
  quick: false,
  async inject({ world }) {
    world.langfuse.answerAfter(60_000)
  },
  async heal({ world }) {
    await world.proxy.untilDegraded('sinks')
    world.langfuse.answerAfter(0)
  },
  expects: { patienceMs: 60_000 },
}

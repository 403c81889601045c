import type { Scenario } from '../scenario.ts'

const times = 6

export const langfuseAnswersLost: Scenario = {
  name: 'langfuse-answers-lost',
  injected: `Langfuse takes ${times} batches, and the connection breaks before its answer`,
  demands: 'They are sent again under the same ids and times, and shown once.',
  world: { deployment: 'start' },
  quick: true,
  inject: async ({ world }) => world.langfuse.failNext({ kind: 'processed_then_reset' }, times),
  async verify({ world, check }) {
    const again = world.langfuse.rows().length - world.langfuse.observations().length
    check(again > 0, 'nothing was sent again, so that nothing was tested')
  },
  expects: { patienceMs: 60_000 },
}

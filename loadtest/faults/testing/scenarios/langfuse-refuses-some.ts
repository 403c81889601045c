import type { Scenario } from '../scenario.ts'

const refused = 3

export const langfuseRefusesSome: Scenario = {
  name: 'langfuse-refuses-some',
  injected: `Langfuse (ingestion API) answers 207: ${refused} records are refused for good, others fail once with 500, the rest are taken`,
  demands: 'The refused ones are dead letters, the failed ones alone are sent again, and the rest is not.',
  world: { deployment: 'start', langfuse: 'v3.20' },
  quick: true,
  async inject({ world, calls }) {
    world.langfuse.refuseContaining('poison', 400)
    world.langfuse.refuseContaining('stumble', 500, 2)
    await Promise.all([
      calls.make(20),
      calls.make(refused, { padding: 'poison' }),
      calls.make(2, { padding: 'stumble' }),
    ])
  },
  expects: { deadLetters: refused, patienceMs: 60_000 },
}

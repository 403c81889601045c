import type { Scenario } from '../scenario.ts'

export const langfuseRefusesOneOfABatch: Scenario = {
  name: 'langfuse-refuses-one-of-a-batch',
  injected:
    'Langfuse (OTLP) answers 400 to every request that holds one certain record, after an outage that made batches full',
  demands:
    'The one is found among the others by halving, and kept as a dead letter; the others are delivered.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world, calls }) {
    world.langfuse.refuseContaining('poison', 400)
    world.links.langfuse.refuse()
    await calls.make(10)
    await calls.make(1, { padding: 'poison' })
    await calls.make(10)
    world.links.langfuse.heal()
  },
  expects: { deadLetters: 1, patienceMs: 60_000 },
}

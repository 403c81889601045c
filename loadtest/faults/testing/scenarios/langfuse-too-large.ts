import type { Scenario } from '../scenario.ts'

export const langfuseTooLarge: Scenario = {
  name: 'langfuse-too-large',
  injected: 'records of 3 MB for a Langfuse that takes 4.5 MB per request, and two answers 413 in between',
  demands:
    'Batches are split by their bytes, and again where a server takes less; nothing blocks what is small.',
  world: { deployment: 'start', langfuse: 'v3.20', env: { CAPTURE_MAX_BYTES: '8000000' } },
  quick: false,
  async inject({ world, calls }) {
    world.links.langfuse.refuse()
    await calls.make(6, { padding: 'long '.repeat(600_000), atOnce: 2 })
    await calls.make(10)
    world.langfuse.failNext({ kind: 'response', status: 413, body: 'Body exceeded' }, 2)
    world.links.langfuse.heal()
  },
  expects: { patienceMs: 60_000 },
}

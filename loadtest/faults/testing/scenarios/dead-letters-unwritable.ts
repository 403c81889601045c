import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from '../scenario.ts'

export const deadLettersUnwritable: Scenario = {
  name: 'dead-letters-unwritable',
  injected:
    'Langfuse refuses a record for good, and a file stands where dead letters are kept; later it is removed',
  demands:
    'The record waits rather than being dropped, the others are delivered, and it is kept once it can be.',
  world: {
    deployment: 'start',
    env: { LOCAL_STORE: 'off' },
    prepare: (dataDir) => writeFileSync(join(dataDir, 'dead'), 'in the way'),
  },
  quick: true,
  async inject({ world, calls }) {
    world.langfuse.refuseContaining('poison', 400)
    await calls.make(1, { padding: 'poison' })
    await world.proxy.untilDegraded('dead_letters')
  },
  heal: async ({ world }) => rmSync(join(world.proxy.dataDir, 'dead')),
  expects: { patienceMs: 60_000, deadLetters: 1 },
}

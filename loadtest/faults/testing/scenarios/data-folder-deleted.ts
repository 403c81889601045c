import { rmSync } from 'node:fs'
import type { Scenario } from '../scenario.ts'
import { waitFor } from '../wait-for.ts'

export const dataFolderDeleted: Scenario = {
  name: 'data-folder-deleted',
  injected: 'the data folder is deleted while records wait in it, then Langfuse comes back',
  demands: 'It is noticed within seconds and made anew; what waited is taken over from memory, or counted.',
  world: { deployment: 'start', env: { LOCAL_STORE: 'off' } },
  quick: false,
  async inject({ world, calls }) {
    world.links.langfuse.refuse()
    await calls.make(20)
    await world.proxy.untilLedger(({ spooled }) => spooled >= 20)
    rmSync(world.proxy.dataDir, { recursive: true })
    await calls.make(20)
    await waitFor('it to be said that the folder was deleted or replaced', () =>
      /spool was deleted or replaced/.test(world.proxy.log()),
    )
    await world.proxy.untilDegraded('spool', false)
  },
  heal: async ({ world }) => world.links.langfuse.heal(),
  expects: { patienceMs: 60_000, mayDrop: ['spool_lost'] },
}

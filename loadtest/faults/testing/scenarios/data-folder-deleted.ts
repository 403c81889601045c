import { rmSync } from 'node:fs'
import type { Scenario } from '../scenario.ts'

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
    const failures = await world.proxy.metric('threadtap_part_failures_total')
    rmSync(world.proxy.dataDir, { recursive: true })
    await calls.make(20)
    while ((await world.proxy.metric('threadtap_part_failures_total')) === failures);
  },
  heal: async ({ world }) => world.links.langfuse.heal(),
  expects: { patienceMs: 60_000, mayDrop: ['spool_lost'] },
}

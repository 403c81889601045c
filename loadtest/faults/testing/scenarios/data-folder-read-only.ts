import type { Scenario } from '../scenario.ts'
import { coverReadOnly, mountUnavailable } from '../tmpfs.ts'

export const dataFolderReadOnly: Scenario = {
  name: 'data-folder-read-only',
  injected:
    'the data folder is mounted anew, read-only and empty, while Langfuse is away; then taken away again',
  demands: 'It is noticed and said; records wait in memory, and none is lost silently.',
  world: { deployment: 'start', env: { LOCAL_STORE: 'off' } },
  quick: false,
  unavailable: mountUnavailable,
  async inject({ world, calls }) {
    world.links.langfuse.refuse()
    const uncover = coverReadOnly(world.proxy.dataDir)
    try {
      await calls.make(20)
      await world.proxy.untilDegraded('spool')
    } finally {
      uncover()
    }
    await world.proxy.untilDegraded('spool', false)
    world.links.langfuse.heal()
  },
  expects: { patienceMs: 60_000, mayDrop: ['spool_lost'] },
}

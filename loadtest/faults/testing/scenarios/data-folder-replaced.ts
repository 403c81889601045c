import { mkdirSync, renameSync } from 'node:fs'
import type { Scenario } from '../scenario.ts'
import { waitFor } from '../wait-for.ts'

export const dataFolderReplaced: Scenario = {
  name: 'data-folder-replaced',
  injected:
    'the data folder is renamed and an empty one put in its place, then the process is killed and started again',
  demands: 'What is made afterwards is in the new folder, and survives the kill; nothing is lost silently.',
  world: { deployment: 'start', env: { LOCAL_STORE: 'off' } },
  quick: false,
  async inject({ world, calls, check }) {
    await world.proxy.untilLedger(({ spooled }) => spooled === 0)
    const before = (await world.proxy.ledger()).accepted
    renameSync(world.proxy.dataDir, `${world.proxy.dataDir}-away`)
    mkdirSync(world.proxy.dataDir, { mode: 0o700 })
    await waitFor('it to be said that the folder was deleted or replaced', () =>
      /spool was deleted or replaced/.test(world.proxy.log()),
    )
    await world.proxy.untilDegraded('spool', false)
    world.links.langfuse.refuse()
    await calls.make(20)
    await waitFor(
      'the worker to take 20 records',
      async () => (await world.proxy.metric('threadtap_worker_records_in_hand')) >= 20,
    )
    await world.proxy.stop('SIGKILL')
    await world.proxy.start()
    const { accepted } = await world.proxy.ledger()
    check(accepted >= before + 20, `after the kill ${accepted} are accepted, ${before + 20} were`)
    world.links.langfuse.heal()
  },
  expects: { patienceMs: 60_000, mayDrop: ['spool_lost'] },
}

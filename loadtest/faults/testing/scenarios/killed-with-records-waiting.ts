import type { Scenario } from '../scenario.ts'
import { waitFor } from '../wait-for.ts'

const waiting = 40

export const killedWithRecordsWaiting: Scenario = {
  name: 'killed-with-records-waiting',
  injected: `the process is killed (SIGKILL) with ${waiting} records waiting for Langfuse, and started again`,
  demands: 'Every record that was on disk is delivered, once, and the ledger goes on where it was.',
  world: { deployment: 'start' },
  quick: true,
  async inject({ world, calls }) {
    await world.proxy.untilLedger(({ spooled }) => spooled === 0)
    world.links.langfuse.stall()
    await calls.make(waiting)
    // The worker reads records only once they are on disk.
    await waitFor(
      `the worker to take ${waiting} records`,
      async () => (await world.proxy.metric('threadtap_worker_records_in_hand')) >= waiting,
    )
    await world.proxy.stop('SIGKILL')
    world.links.langfuse.reset()
    world.links.langfuse.heal()
    await world.proxy.start()
  },
  expects: { patienceMs: 60_000 },
}

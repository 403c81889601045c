import { existsSync, writeFileSync } from 'node:fs'
import type { Scenario } from '../scenario.ts'
import { waitFor } from '../wait-for.ts'
import { faultFile } from '../world.ts'

export const recorderDies: Scenario = {
  name: 'recorder-dies',
  injected: 'the recording thread dies of a defect, twice, among the calls',
  demands: 'Calls go on; it is started again, and what was in it is counted: recorder_died.',
  world: { deployment: 'start', preload: 'recorder' },
  quick: true,
  async inject({ world, calls }) {
    for (let death = 0; death < 2; death++) {
      const made = calls.make(20)
      writeFileSync(faultFile(world.folder), '')
      await waitFor('the recording thread to die', () => !existsSync(faultFile(world.folder)))
      await made
      // The admin port is gone with its thread, and back with the next one.
      await waitFor('the recording thread to be started again', () =>
        world.proxy.ledger().then(Boolean, () => false),
      )
    }
  },
  async verify({ world, check }) {
    check(world.proxy.log().includes('killed from outside'), 'nothing was said about it')
  },
  expects: { mayDrop: ['recorder_died'] },
}

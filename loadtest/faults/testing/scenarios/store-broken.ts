import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from '../scenario.ts'

export const storeIsAFile: Scenario = {
  name: 'store-is-a-file',
  injected: 'a file stands where the local store, the only sink, has its folder; later it is removed',
  demands: 'Calls go on, their records wait in the spool, and the store works once it can.',
  world: {
    deployment: 'start',
    langfuse: 'none',
    prepare: (dataDir) => writeFileSync(join(dataDir, 'store'), 'in the way'),
  },
  quick: true,
  async inject({ world }) {
    await world.proxy.untilDegraded('local_store')
  },
  async heal({ world }) {
    rmSync(join(world.proxy.dataDir, 'store'))
    await world.proxy.untilDegraded('local_store', false)
  },
  expects: { patienceMs: 60_000 },
}

export const storeIsRubbish: Scenario = {
  name: 'store-is-rubbish',
  injected: 'the MANIFEST of the local store, the only sink, is rubbish when the process starts',
  demands: 'Calls go on; the store is repaired or made anew by itself.',
  world: {
    deployment: 'start',
    langfuse: 'none',
    prepare(dataDir) {
      mkdirSync(join(dataDir, 'store'))
      for (const [file, text] of [
        ['CURRENT', 'MANIFEST-000002\n'],
        ['MANIFEST-000002', 'rubbish'],
      ] as const) {
        writeFileSync(join(dataDir, 'store', file), text)
      }
    },
  },
  quick: false,
  inject: ({ world }) => world.proxy.untilDegraded('local_store', false),
  expects: { patienceMs: 60_000 },
}

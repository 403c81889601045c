import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from '../scenario.ts'
import { mountDisk, mountUnavailable } from '../tmpfs.ts'

export const diskFull: Scenario = {
  name: 'disk-full',
  injected:
    'the disk of the spool is full (ENOSPC) while Langfuse hangs, so that records cannot leave either',
  demands: 'Records wait in memory, and go on to disk by themselves once there is room.',
  world: { deployment: 'start', disk: () => mountDisk('48m'), env: { LOCAL_STORE: 'off' } },
  quick: true,
  unavailable: mountUnavailable,
  async inject({ world, calls }) {
    world.links.langfuse.stall()
    fill(join(world.folder, 'filler'))
    await calls.make(20)
    await world.proxy.untilDegraded('spool')
  },
  async heal({ world }) {
    rmSync(join(world.folder, 'filler'))
    await world.proxy.untilDegraded('spool', false)
    world.links.langfuse.heal()
  },
  expects: { patienceMs: 60_000 },
}

/** Writes until the disk is full. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w')
  try {
    for (;;) writeSync(descriptor, Buffer.alloc(4_096))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause
  } finally {
    closeSync(descriptor)
  }
}

import { spawnSync } from 'node:child_process'
import type { Scenario } from '../scenario.ts'

export const diskRefusesWrites: Scenario = {
  name: 'disk-refuses-writes',
  injected: 'no file of the process may grow any more (EFBIG, as with ulimit -f 0), until it may again',
  demands: 'Records wait in memory and are delivered from there; the spool comes back by itself.',
  world: { deployment: 'start', env: { LOCAL_STORE: 'off' } },
  quick: false,
  unavailable: () =>
    spawnSync('prlimit', ['--version']).error === undefined
      ? undefined
      : 'prlimit (util-linux) is not installed',
  async inject({ world, calls }) {
    limitFileSize(world.proxy.pid(), '0')
    await calls.make(20)
    await world.proxy.untilDegraded('spool')
  },
  async heal({ world }) {
    limitFileSize(world.proxy.pid(), 'unlimited')
    await world.proxy.untilDegraded('spool', false)
  },
  expects: { patienceMs: 60_000 },
}

/** Only the soft limit, so that it can be raised again. */
function limitFileSize(pid: number, limit: string): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${limit}:`], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
}

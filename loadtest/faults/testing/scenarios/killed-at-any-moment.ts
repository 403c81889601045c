import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

const kills = 6
/** Of the moments, so that two runs kill at the same ones. */
const seed = 7

export const killedAtAnyMoment: Scenario = {
  name: 'killed-at-any-moment',
  injected: `the process is killed (SIGKILL) ${kills} times at random moments among the calls, and started again each time`,
  demands: 'Every call whose answer had begun is at the sink, once: a finished one is never lost.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world, calls, note }) {
    const moments = Array.from({ length: kills }, (_, kill) => 50 + ((seed * 7_919 * (kill + 1)) % 400))
    for (const moment of moments) {
      const made = calls.make(60)
      await pause(moment)
      await world.proxy.stop('SIGKILL')
      await made
      await world.proxy.start()
    }
    note(`killed after ${moments.join(', ')} ms`)
  },
  expects: { clientsMayFail: true, patienceMs: 30_000 },
}

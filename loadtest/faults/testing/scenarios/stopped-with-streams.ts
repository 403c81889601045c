import type { Scenario } from '../scenario.ts'
import { waitFor } from '../wait-for.ts'

const streams = 8

export const stoppedWithStreams: Scenario = {
  name: 'stopped-with-streams',
  injected: `the process is asked to end (SIGTERM) with ${streams} calls in flight, and started again`,
  demands:
    'They end as if nothing had happened, with every byte; the exit code is 0, and their records are there.',
  world: { deployment: 'start' },
  quick: true,
  async inject({ world, calls, check }) {
    world.model.hold(streams)
    const flying = calls.make(streams, { atOnce: streams })
    await world.model.untilHeld(streams)
    const stopped = world.proxy.stop()
    await waitFor('the process to say that it stops', () => world.proxy.log().includes('stopping'))
    world.model.release()
    const outcomes = await flying
    check(
      outcomes.every(({ difference }) => difference === undefined),
      'a call in flight was harmed',
    )
    const code = await stopped
    check(code === 0, `the process ended with ${code}`)
    await world.proxy.start()
  },
}

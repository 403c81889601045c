import type { Scenario } from '../scenario.ts'
import { waitFor } from '../wait-for.ts'

export const stoppingServesOn: Scenario = {
  name: 'stopping-serves-on',
  injected:
    'the process is asked to end (SIGTERM) while a stream runs on, and new connections come meanwhile',
  demands:
    'New calls are served until the last stream ends: in a native sidecar the application is still finishing.',
  world: { deployment: 'start' },
  quick: true,
  async inject({ world, calls, check }) {
    world.model.hold(2)
    const flying = calls.make(2, { atOnce: 2 })
    await world.model.untilHeld(2)
    const stopped = world.proxy.stop()
    await waitFor('the process to say that it stops', () => world.proxy.log().includes('stopping'))
    const meanwhile = await calls.make(8)
    const refused = meanwhile.filter(({ difference }) => difference !== undefined)
    check(
      refused.length === 0,
      `${refused.length} of ${meanwhile.length} new calls failed: ${refused[0]?.difference}`,
    )
    world.model.release()
    await flying
    await stopped
    await world.proxy.start()
  },
  expects: { clientsMayFail: true },
}

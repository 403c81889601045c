import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

export const stoppedWithinTwoSeconds: Scenario = {
  name: 'stopped-within-two-seconds',
  injected:
    'SIGTERM, and SIGKILL 2 s later, with a stream that does not end and a Langfuse that hangs: the application used up the grace of its pod',
  demands: 'Every call that had ended is delivered after the next start.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world, calls, note }) {
    world.links.langfuse.stall()
    world.model.hold(1)
    const endless = fetch(`${world.proxy.baseUrl()}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({
        model: 'gpt-4o-mini',
        stream: true,
        messages: [{ role: 'user', content: 'Go on.' }],
      }),
    })
      .then((response) => response.text())
      .catch(() => undefined)
    await world.model.untilHeld(1)
    await calls.make(20)
    const stopped = world.proxy.stop()
    await Promise.race([stopped, pause(2_000)])
    const code = world.proxy.isUp() ? await world.proxy.stop('SIGKILL') : await stopped
    note(`ended with ${code ?? 'SIGKILL'}`)
    world.model.release()
    await endless
    world.links.langfuse.reset()
    world.links.langfuse.heal()
    await world.proxy.start()
  },
  expects: { ownRecords: 1, patienceMs: 60_000 },
}

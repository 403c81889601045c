import type { Scenario } from '../scenario.ts'

const inFlight = 8

export const killedWithCallsInFlight: Scenario = {
  name: 'killed-with-calls-in-flight',
  injected: `the process is killed (SIGKILL) with ${inFlight} calls in flight, half of them streams that have begun, and started again`,
  demands: 'Those calls appear after the restart, marked interrupted, with what is known of them.',
  world: { deployment: 'start' },
  quick: true,
  expected: 'calls in flight are not journalled yet',
  async inject({ world, calls, check }) {
    world.model.hold(inFlight)
    const flying = calls.make(inFlight, { atOnce: inFlight })
    await world.model.untilHeld(inFlight)
    await world.proxy.stop('SIGKILL')
    world.model.release()
    const outcomes = await flying
    check(
      outcomes.every(({ difference }) => difference !== undefined),
      'a call ended although its process was killed',
    )
    await world.proxy.start()
  },
  async verify({ world, calls, check }) {
    const cut = calls.outcomes.filter(({ difference }) => difference !== undefined)
    const there = new Set(world.langfuse.observations().map(({ traceId }) => traceId))
    const missing = cut.filter(({ traceId }) => !there.has(traceId)).length
    check(missing === 0, `${missing} of ${cut.length} calls in flight left nothing behind`)
  },
  expects: { clientsMayFail: true },
}

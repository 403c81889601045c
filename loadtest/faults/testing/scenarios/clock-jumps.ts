import { writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'
import { faultFile } from '../world.ts'

const hourMs = 3_600_000

export const clockJumps: Scenario = {
  name: 'clock-jumps',
  injected: 'the wall clock jumps an hour back and two hours forth, with calls in flight',
  demands:
    'Durations come from the monotonic clock: none is negative or an hour long, and no age in the metrics is.',
  world: { deployment: 'start', preload: 'clock' },
  quick: true,
  async inject({ world, calls }) {
    for (const offset of [-hourMs, hourMs]) {
      world.model.hold(8)
      const made = calls.make(20)
      await world.model.untilHeld(8)
      writeFileSync(faultFile(world.folder), String(offset))
      // The module that moves the clock looks every 10 ms.
      await pause(200)
      world.model.release()
      await made
    }
  },
  async verify({ world, calls, check }) {
    const ours = new Set(calls.outcomes.map(({ traceId }) => traceId))
    const observations = world.langfuse.observations().filter(({ traceId }) => ours.has(traceId))
    const odd = observations.filter(({ startTime, endTime }) => {
      const ms = Date.parse(endTime ?? '') - Date.parse(startTime)
      return !(ms >= 0 && ms < hourMs / 2)
    })
    check(odd.length === 0, `${odd.length} calls last less than nothing, or more than half an hour`)
    const jumped = observations.filter(
      ({ startTime }) => Math.abs(Date.parse(startTime) - Date.now()) > hourMs / 2,
    )
    check(jumped.length > 0, 'no call began at another time, so that nothing was tested')
    const age = await world.proxy.metric('threadtap_delivery_age_seconds_sum')
    check(age >= 0, `the ages of deliveries sum up to ${age} s`)
  },
}

import { writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../../../../shared/testing/until.ts'
import type { Scenario } from '../scenario.ts'
import { faultFile } from '../world.ts'

const hourMs = 3_600_000
/** Longer than it takes the clock to jump, and well below LANGFUSE_TIMEOUT. */
const answerAfterMs = 500

const jumping = (name: string, deployment: 'start' | 'split'): Scenario => ({
  name,
  injected: 'the wall clock jumps an hour back and two hours forth, with calls and batches in flight',
  demands:
    'Durations come from the monotonic clock: none is negative or an hour long, and no age in the metrics is. Nothing is sent again for it.',
  world: { deployment, preload: 'clock' },
  quick: true,
  async inject({ world, calls }) {
    world.langfuse.answerAfter(answerAfterMs)
    for (const offset of [-hourMs, hourMs]) {
      const taken = world.langfuse.rows().length
      world.model.hold(8)
      const made = calls.make(40, { atOnce: 16 })
      await world.model.untilHeld(8)
      await until(() => world.langfuse.rows().length > taken)
      writeFileSync(faultFile(world.folder), String(offset))
      // The module that moves the clock looks every 10 ms.
      await pause(200)
      world.model.release()
      await made
    }
    world.langfuse.answerAfter(0)
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
    const sender = deployment === 'split' ? world.worker : world.proxy
    const age = await sender.metric('threadtap_delivery_age_seconds_sum')
    check(age >= 0, `the ages of deliveries sum up to ${age} s`)
    // A machine that has no time for Langfuse's answer makes records be sent again too, and that is logged.
    const again = world.langfuse.rows().length - world.langfuse.observations().length
    const wasLate = sender.log().includes('no response within')
    check(again === 0 || wasLate, `${again} records were sent again, although Langfuse answered in time`)
  },
})

export const clockJumps = jumping('clock-jumps', 'start')

export const clockJumpsWithRedis = jumping('clock-jumps-with-redis', 'split')

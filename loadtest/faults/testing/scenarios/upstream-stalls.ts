import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

export const upstreamStalls: Scenario = {
  name: 'upstream-stalls',
  injected: 'the upstream answers nothing for a second, in the middle of calls, then goes on',
  demands: 'Clients wait as they would without threadtap, and get every byte.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world, calls }) {
    const made = calls.make(24)
    world.links.upstream.stall()
    await pause(1_000)
    world.links.upstream.heal()
    await made
  },
}

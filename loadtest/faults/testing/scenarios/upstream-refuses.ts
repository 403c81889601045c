import type { Scenario } from '../scenario.ts'

export const upstreamRefuses: Scenario = {
  name: 'upstream-refuses',
  injected: 'the upstream resets every connection, before any answer',
  demands: 'Clients get 502, which no call hides or repeats; each such call has its record too.',
  world: { deployment: 'start' },
  quick: false,
  inject: async ({ world }) => world.links.upstream.refuse(),
  async heal({ world, calls, check }) {
    const wrong = calls.outcomes.filter(
      ({ phase, difference }) => phase === 'during' && difference !== 'status 502',
    )
    check(wrong.length === 0, `${wrong.length} calls ended otherwise: ${wrong[0]?.difference}`)
    world.links.upstream.heal()
  },
  expects: { clientsMayFail: true },
}

import type { Scenario } from '../scenario.ts'

export const upstreamCutsAnswers: Scenario = {
  name: 'upstream-cuts-answers',
  injected: 'connections to the upstream are reset in the middle of answers',
  demands:
    'What came is passed on and then the connection breaks: no client takes a part for the whole. Each call has its record.',
  world: { deployment: 'start' },
  quick: true,
  inject: async ({ world }) => world.links.upstream.cutAfter(900),
  async heal({ world, calls, check }) {
    const cut = calls.outcomes.filter(({ phase }) => phase === 'during')
    const whole = cut.filter(({ difference }) => difference?.includes('bytes instead of') === true)
    check(whole.length === 0, `${whole.length} clients took a part for the whole`)
    check(
      cut.some(({ difference }) => difference !== undefined && difference !== 'status 502'),
      'no answer was cut, so that nothing was tested',
    )
    world.links.upstream.heal()
  },
  expects: { clientsMayFail: true },
}

import type { Scenario } from '../scenario.ts'

const once = 8

export const upstreamRefuses: Scenario = {
  name: 'upstream-refuses',
  injected: 'the upstream ends connections once it has read a request, then resets every connection at once',
  demands: 'Clients get 502, which no call hides or repeats; each such call has its record too.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world, calls, check }) {
    const { upstream } = world.model
    const usual = upstream.answer
    upstream.answer = (_request, outgoing) => void outgoing.destroy()
    const before = upstream.requests.length
    await calls.make(once)
    const reached = upstream.requests.length - before
    check(reached === once, `${once} calls reached the upstream ${reached} times`)
    upstream.answer = usual
    world.links.upstream.refuse()
  },
  async heal({ world, calls, check }) {
    const wrong = calls.outcomes.filter(
      ({ phase, difference }) => phase === 'during' && difference !== 'status 502',
    )
    check(wrong.length === 0, `${wrong.length} calls ended otherwise: ${wrong[0]?.difference}`)
    world.links.upstream.heal()
  },
  expects: { clientsMayFail: true },
}

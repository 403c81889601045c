import type { Scenario } from '../scenario.ts'

const hanging = 8

export const upstreamHangs: Scenario = {
  name: 'upstream-hangs',
  injected: `the upstream keeps the connections of ${hanging} calls and sends nothing more, half of them in the middle of a stream`,
  demands:
    'After UPSTREAM_TIMEOUT they are given up: 504, or a stream that breaks; the records say timed_out. Other calls feel nothing.',
  world: { deployment: 'start', env: { UPSTREAM_TIMEOUT: '2' } },
  quick: false,
  async inject({ world, calls, check }) {
    world.model.hold(hanging)
    const hung = calls.make(hanging, { atOnce: hanging })
    await world.model.untilHeld(hanging)
    await calls.make(20)
    const outcomes = await hung
    const patient = outcomes.filter(({ difference = '' }) => /timeout/i.test(difference))
    check(patient.length === 0, `${patient.length} clients lost their patience before threadtap did`)
    const without504 = outcomes.filter(({ difference }) => difference !== 'status 504')
    check(
      without504.length === hanging / 2,
      `${hanging - without504.length} calls were answered with 504, which is for the ${hanging / 2} without a response`,
    )
    const whole = outcomes.filter(({ difference = 'bytes instead of' }) =>
      difference.includes('bytes instead of'),
    )
    check(whole.length === 0, `${whole.length} clients took a part for the whole`)
    world.model.release()
  },
  async verify({ world, calls, check }) {
    const failed = new Set(calls.outcomes.flatMap(({ difference, traceId }) => (difference ? traceId : [])))
    const records = world.langfuse.observations().filter(({ traceId }) => failed.has(traceId))
    const saysSo = records.filter((observation) => JSON.stringify(observation).includes('timed_out'))
    check(saysSo.length === hanging, `${saysSo.length} of ${hanging} records say that the call timed out`)
  },
  expects: { clientsMayFail: true },
}

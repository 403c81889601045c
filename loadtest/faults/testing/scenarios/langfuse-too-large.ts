import type { Scenario } from '../scenario.ts'
import type { World } from '../world.ts'

/** Of a reverse proxy: nginx takes no more by default. */
const proxyBytes = 1_048_576
/** Input travels with its call and with its trace. */
const large = { calls: 6, padding: 'long '.repeat(280_000) }
const medium = { calls: 12, padding: 'long '.repeat(40_000) }

export const langfuseTooLarge: Scenario = {
  name: 'langfuse-too-large',
  injected:
    'records of 1.4 MB for a Langfuse that takes 4.5 MB per request; then records of 200 KB, and a reverse proxy before it takes 1 MB',
  demands:
    'Requests are within the limit that is known, and batches are halved where a server takes less: all arrive with all of their text.',
  world: {
    deployment: 'start',
    langfuse: 'v3.20',
    env: { CAPTURE_MAX_BYTES: '8000000', LANGFUSE_MAX_CHARACTERS: '0' },
  },
  quick: false,
  async inject({ world, calls, check }) {
    const untilDelivered = () =>
      world.proxy.untilLedger(({ delivered }) => delivered === calls.outcomes.length)
    // Together, so that batches are full.
    world.links.langfuse.refuse()
    await calls.make(large.calls, { padding: large.padding, atOnce: 2 })
    world.links.langfuse.heal()
    await untilDelivered()
    check(tooLarge(world) === 0, `${tooLarge(world)} requests were larger than Langfuse takes`)
    world.links.langfuse.refuse()
    await calls.make(medium.calls, { padding: medium.padding })
    world.langfuse.limitBodies(proxyBytes)
    world.links.langfuse.heal()
    await untilDelivered()
    check(tooLarge(world) > 0, 'no request was too large for the proxy, so that nothing was tested')
  },
  async verify({ world, check }) {
    const whole = world.langfuse
      .observations()
      .filter(({ input }) => JSON.stringify(input ?? null).length > medium.padding.length)
    const sent = large.calls + medium.calls
    check(whole.length === sent, `${whole.length} of ${sent} long records have all of their text`)
  },
  expects: { patienceMs: 60_000 },
}

const tooLarge = ({ langfuse }: World): number =>
  langfuse.requests().filter(({ status }) => status === 413).length

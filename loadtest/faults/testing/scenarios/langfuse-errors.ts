import type { Scenario } from '../scenario.ts'

const page = '<html><body><h1>502 Bad Gateway</h1></body></html>'

export const langfuseErrors: Scenario = {
  name: 'langfuse-errors',
  injected: 'Langfuse answers 500, 502 with a page of HTML, 503, nothing at all and resets, in turn',
  demands: 'Each is tried again with growing pauses, and nothing is used up.',
  world: { deployment: 'start', env: { LANGFUSE_TIMEOUT: '1' } },
  quick: false,
  async inject({ world }) {
    for (const status of [500, 502, 503]) {
      world.langfuse.failNext({
        kind: 'response',
        status,
        headers: { 'content-type': 'text/html' },
        body: page,
      })
      world.langfuse.failNext({ kind: 'reset' })
    }
    world.langfuse.failNext({ kind: 'no_response' })
  },
  async verify({ world, check }) {
    const refusals = await world.proxy.metric(
      'threadtap_sink_requests_total\\{sink="langfuse",outcome="(?:held|oversized|permanent|refused)"\\}',
    )
    check(refusals === 0, `${refusals} answers were taken for more than an outage`)
  },
  expects: { patienceMs: 60_000 },
}

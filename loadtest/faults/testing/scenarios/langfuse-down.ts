import type { Scenario } from '../scenario.ts'
import { waitFor } from '../wait-for.ts'
import type { World } from '../world.ts'

/** Of the four batches that may be under way at first, and of three probes: four each, by LANGFUSE_MAX_RETRIES. */
const requests = 28

const failedRequests = ({ proxy }: World): Promise<number> =>
  proxy.metric('threadtap_sink_requests_total\\{sink="langfuse",outcome="retryable"\\}')

export const langfuseDown: Scenario = {
  name: 'langfuse-down',
  injected: 'Langfuse resets every connection, for several tries of the same records',
  demands: 'Records wait in the spool; the outage uses none of them up.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world }) {
    world.links.langfuse.refuse()
  },
  async heal({ world }) {
    await world.proxy.untilDegraded('sinks')
    await waitFor(`${requests} requests that fail`, async () => (await failedRequests(world)) >= requests)
    world.links.langfuse.heal()
  },
  expects: { patienceMs: 60_000 },
}

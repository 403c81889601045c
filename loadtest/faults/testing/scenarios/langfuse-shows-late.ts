import type { Scenario } from '../scenario.ts'
import { waitFor } from '../wait-for.ts'

const lateMs = 15_000

export const langfuseShowsLate: Scenario = {
  name: 'langfuse-shows-late',
  injected: `Langfuse shows what it has taken only ${lateMs / 1_000} s later, and a sample is read back (LANGFUSE_VERIFY_SAMPLE)`,
  demands: 'Delivery does not wait for it; what is not there yet is asked for again, and found.',
  world: { deployment: 'start', env: { LANGFUSE_VERIFY_SAMPLE: '0.01' } },
  quick: false,
  async inject({ world, calls }) {
    world.langfuse.showAfter(lateMs)
    // Enough that the sample is not empty: it is chosen by trace id.
    await calls.make(400)
  },
  async verify({ world, check, note }) {
    const name = 'threadtap_langfuse_verified_total'
    await waitFor('a record that was read back', async () => (await world.proxy.metric(name)) > 0)
    const { degraded } = await world.proxy.getJson<{ degraded: readonly { part: string }[] }>('/readyz')
    check(!degraded.some(({ part }) => part === 'read_back'), 'what came late was taken for missing')
    const reads = world.langfuse.requests().filter(({ path }) => path.endsWith('/observations')).length
    note(`${await world.proxy.metric(name)} records were read back, in ${reads} requests`)
  },
}

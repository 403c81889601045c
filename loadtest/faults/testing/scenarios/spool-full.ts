import { until } from '../../../../shared/testing/until.ts'
import type { Scenario } from '../scenario.ts'

export const spoolFull: Scenario = {
  name: 'spool-full',
  injected: 'Langfuse is away until the spool is at its limit (SPOOL_MAX_BYTES of 1 MiB) and beyond',
  demands: 'The oldest packs give way to the newest, and are counted: spool_full.',
  world: { deployment: 'start', env: { SPOOL_MAX_BYTES: '1048576', LOCAL_STORE: 'off' } },
  quick: false,
  async inject({ world, calls, note }) {
    world.links.langfuse.refuse()
    await calls.make(150, { padding: 'long '.repeat(4_000) })
    const { dropped } = await world.proxy.untilLedger((ledger) => (ledger.dropped.spool_full ?? 0) > 0)
    note(`${dropped.spool_full} records dropped as spool_full`)
    // What the worker has taken is not dropped, and neither is what is being written at that moment.
    await until(async () => (await world.proxy.metric('threadtap_spool_bytes')) <= 1_048_576 * 1.5)
  },
  heal: async ({ world }) => world.links.langfuse.heal(),
  async verify({ world, calls, check }) {
    const there = new Set(world.langfuse.observations().map(({ traceId }) => traceId))
    const newest = calls.outcomes.filter(({ phase }) => phase === 'after')
    check(
      newest.every(({ traceId }) => there.has(traceId)),
      'the newest records went, not the oldest',
    )
  },
  expects: { patienceMs: 60_000, mayDrop: ['spool_full'] },
}

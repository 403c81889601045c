import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../../../../shared/testing/until.ts'
import type { Scenario } from '../scenario.ts'

const refusals = 2

export const langfuseRateLimits: Scenario = {
  name: 'langfuse-rate-limits',
  injected: `Langfuse answers 429 with Retry-After: 8, ${refusals} times`,
  demands:
    'All sending pauses for that time: a burst of calls makes no burst of requests. No record is used up.',
  world: { deployment: 'start', env: { LANGFUSE_FLUSH_AT: '1' } },
  quick: false,
  async inject({ world, calls, check }) {
    const fault = { kind: 'response', status: 429, headers: { 'retry-after': '8' } } as const
    await world.proxy.untilLedger(({ spooled }) => spooled === 0)
    world.langfuse.failNext(fault, refusals)
    await calls.make(1)
    const limited = () => world.langfuse.requests().filter(({ status }) => status === 429).length
    await until(() => limited() > 0)
    const before = world.langfuse.requests().length
    await calls.make(20)
    // Well within the 8 s, so that nothing may come.
    await pause(4_000)
    const sent = world.langfuse.requests().length - before
    check(sent === 0, `${sent} requests were sent while all were asked to wait`)
  },
  expects: { patienceMs: 60_000 },
}

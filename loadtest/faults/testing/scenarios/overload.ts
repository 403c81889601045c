import { overloadReasons } from '../overload-reasons.ts'
import type { Scenario } from '../scenario.ts'

export const overload: Scenario = {
  name: 'overload',
  injected: '1,500 calls with prompts of 300 KB, 100 at a time: more than the recording thread can take',
  demands:
    'Calls are served; recording is shed in steps that are said, and what is shed is counted; afterwards all is recorded again.',
  world: { deployment: 'start', env: { SHED_LOAD: 'on' } },
  quick: false,
  async inject({ world, calls, check }) {
    const reasons = new Set<string>()
    const made = calls.make(1_500, { atOnce: 100, padding: 'long '.repeat(60_000) })
    let isOver = false
    void made.finally(() => {
      isOver = true
    })
    while (!isOver) for (const reason of await overloadReasons(world.proxy)) reasons.add(reason)
    await made
    check(reasons.size > 0, 'nothing said that recording is shed')
    await world.proxy.untilDegraded('overload', false)
  },
  expects: { mayDrop: ['recorder_full', 'memory_full'], otherCalls: true, patienceMs: 60_000 },
}

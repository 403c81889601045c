import type { Degradation } from '../../../../shared/degradation/degradations.ts'
import type { Scenario } from '../scenario.ts'

export const overload: Scenario = {
  name: 'overload',
  injected: '1,500 calls with prompts of 300 KB, 100 at a time: more than the recording thread can take',
  demands:
    'Calls are served; recording is shed in steps that are said, and what is shed is counted; afterwards all is recorded again.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world, calls, check }) {
    let shown: readonly Degradation[] = []
    const made = calls.make(1_500, { atOnce: 100, padding: 'long '.repeat(60_000) })
    let isOver = false
    void made.finally(() => {
      isOver = true
    })
    while (!isOver) {
      const { degraded } = await world.proxy.getJson<{ degraded: readonly Degradation[] }>('/readyz')
      if (degraded.length > 0) shown = degraded
    }
    await made
    check(shown.length > 0, 'nothing said that recording is shed')
  },
  expects: { mayDrop: ['recorder_full', 'memory_full'], otherCalls: true, patienceMs: 60_000 },
}

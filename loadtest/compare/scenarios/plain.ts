import type { Scenario } from './scenario.ts'

/** Plain calls at a fixed rate: prompts of 600 bytes, answers of 1.2 KB that come at once. */
const plainAt = (perSecond: number, subjects: Scenario['subjects']): Scenario => ({
  name: `plain-${perSecond}`,
  title: `Plain calls, ${perSecond.toLocaleString('en')} a second`,
  unit: 'call',
  latencyOf: 'call',
  subjects,
  load: (seconds) => ({
    kind: 'calls',
    model: 'prompt',
    perSecond,
    total: perSecond * seconds,
    promptBytes: 600,
    mostOpen: 256,
  }),
})

export const plain200 = plainAt(200, ['direct', 'bare', 'nginx', 'capture-none', 'proxy', 'start'])
export const plain1000 = plainAt(1_000, [
  'direct',
  'bare',
  'nginx',
  'capture-none',
  'proxy',
  'start',
  'langfuse-fast',
  'langfuse-slow',
  'langfuse-dead',
  'portkey',
])

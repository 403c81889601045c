import type { LoadScenario } from './scenario.ts'

// What people measure of a tracing SDK: the same calls with recording off and on. A fixed number of calls,
// whatever time they take, so that the seconds asked for do not matter.

const subjects = ['direct', 'capture-none', 'langfuse-fast', 'langfuse-slow'] as const

export const hundredCalls: LoadScenario = {
  kind: 'load',
  name: 'baseline-100',
  title: '100 calls of 20 ms, one after another',
  unit: 'call',
  showsOffAgainstOn: true,
  subjects,
  load: () => ({ kind: 'crowd', thinkMs: 20, promptBytes: 600, total: 100, atOnce: 1 }),
}

export const hundredAtOnce: LoadScenario = {
  kind: 'load',
  name: 'baseline-concurrent',
  title: '1,000 calls of 200 ms, 100 at once',
  unit: 'call',
  showsOffAgainstOn: true,
  subjects,
  load: () => ({ kind: 'crowd', thinkMs: 200, promptBytes: 600, total: 1_000, atOnce: 100 }),
}

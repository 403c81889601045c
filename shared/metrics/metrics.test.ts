import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'

const declared = {
  calls: { type: 'counter', name: 'calls_total', help: 'Calls', labels: ['upstream', 'ending'] },
  open: { type: 'gauge', name: 'open', help: 'Open', labels: [] },
  seconds: { type: 'histogram', name: 'seconds', help: 'Time', labels: ['upstream'], buckets: [0.1, 1, 10] },
} as const

test('a scrape shows what prom-client would show of the same observations', async () => {
  const ours = new Registry()
  const { calls, open, seconds } = createMetrics(declared, ours)
  const theirs = new Registry()
  const registers = [theirs]
  const reference = {
    calls: new Counter({ name: 'calls_total', help: 'Calls', labelNames: ['upstream', 'ending'], registers }),
    open: new Gauge({ name: 'open', help: 'Open', registers }),
    seconds: new Histogram({
      name: 'seconds',
      help: 'Time',
      labelNames: ['upstream'],
      buckets: [0.1, 1, 10],
      registers,
    }),
  }
  for (const [upstream, ending, by] of [
    ['a', 'completed', 1],
    ['b"\n\\', 'completed', 3],
    ['a', 'completed', 2],
  ] as const) {
    calls.inc({ upstream, ending }, by)
    reference.calls.inc({ upstream, ending }, by)
  }
  open.inc({}, 2)
  open.inc({}, -1)
  reference.open.set(1)
  for (const value of [0, 0.1, 0.100001, 1, 9, 10, 11, 1e9]) {
    seconds.observe({ upstream: 'a' }, value)
    reference.seconds.observe({ upstream: 'a' }, value)
  }
  expect(await ours.metrics()).toBe(await theirs.metrics())
})

test('a metric without labels is there before anything happened; one that is reset begins anew', async () => {
  const registry = new Registry()
  const { open, calls } = createMetrics(declared, registry)
  expect(await registry.metrics()).toContain('\nopen 0\n')
  calls.inc({ upstream: 'a', ending: 'b' })
  open.set({}, 5)
  calls.reset()
  open.reset()
  const text = await registry.metrics()
  expect(text).not.toContain('upstream="a"')
  expect(text).toContain('\nopen 0\n')
})

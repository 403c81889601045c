import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createRecorderEvents } from '../../proxy/recorder/recorder-events.ts'
import { dropReasons } from '../../shared/ledger/ledger.ts'
import { createLogger } from '../../shared/logger.ts'
import { proxyMetrics, workerMetrics } from '../../shared/metrics/catalogue.ts'
import { createWorkerEvents } from '../../worker/events.ts'

const log = createLogger('silent', 'test')

/** Counters whose labels have values that only a call, a sink or a setting brings. */
const open: ReadonlySet<string> = new Set([
  proxyMetrics.calls.name,
  workerMetrics.recordsDelivered.name,
  workerMetrics.sinkRequests.name,
  workerMetrics.valuesChanged.name,
])

test.each([
  ['recorder', proxyMetrics, createRecorderEvents],
  ['worker', workerMetrics, createWorkerEvents],
])(
  'every counter of the %s with a closed set of labels is 0 from the start',
  async (_of, catalogue, create) => {
    const registry = new Registry()
    create(registry, log)
    const text = await registry.metrics()
    const closed = Object.values(catalogue).filter(({ type, name }) => type === 'counter' && !open.has(name))
    const missing = closed.filter(({ name }) => !new RegExp(`^${name}(\\{.*\\})? 0$`, 'm').test(text))
    expect(missing.map(({ name }) => name)).toEqual([])
    expect(closed.length).toBeGreaterThan(3)
  },
)

test('an alert on drops sees the first one, whatever its reason', async () => {
  const registry = new Registry()
  createRecorderEvents(registry, log)
  const lines = (await registry.metrics()).split('\n')
  expect(lines.filter((line) => line.startsWith('threadtap_records_dropped_total{'))).toEqual(
    dropReasons.map((reason) => `threadtap_records_dropped_total{reason="${reason}"} 0`),
  )
})

import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createRecorderEvents } from '../../proxy/recorder/recorder-events.ts'
import { registerRelayMetrics } from '../../proxy/recorder/relay-metrics.ts'
import { loadConfig } from '../../shared/config/load.ts'
import { dropReasons } from '../../shared/ledger/ledger.ts'
import { createLogger } from '../../shared/logger.ts'
import { proxyMetrics, relayMetrics, workerMetrics } from '../../shared/metrics/catalogue.ts'
import type { Declared } from '../../shared/metrics/declared.ts'
import { createWorkerEvents } from '../../worker/events.ts'

const log = createLogger('silent', 'test')

/** Counters whose labels have values that only a call brings: its status, its model. */
const isOpen = ({ name, labels }: Declared): boolean =>
  name === proxyMetrics.calls.name || labels.includes('gen_ai_request_model')

test.each<[string, Readonly<Record<string, Declared>>, (registry: Registry) => void]>([
  [
    'relay',
    relayMetrics,
    (registry) => registerRelayMetrics(registry, loadConfig({}), async () => undefined),
  ],
  ['recorder', proxyMetrics, (registry) => createRecorderEvents(registry, log, { upstreams: ['default'] })],
  ['worker', workerMetrics, (registry) => createWorkerEvents(registry, log).sinksConfigured(['langfuse'])],
])(
  'every counter of the %s with a closed set of labels is 0 from the start',
  async (_, catalogue, create) => {
    const registry = new Registry()
    create(registry)
    const text = await registry.metrics()
    const closed = Object.values(catalogue).filter((metric) => metric.type === 'counter' && !isOpen(metric))
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

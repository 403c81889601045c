import {
  adminMetrics,
  degradationMetrics,
  proxyMetrics,
  workerMetrics,
} from '../../../shared/metrics/catalogue.ts'
import type { Declared } from '../../../shared/metrics/declared.ts'
import type { Row } from '../builders/dashboard.ts'
import { lines } from '../builders/panel.ts'
import { rate, select } from '../builders/promql.ts'
import { byProcess, processLegend } from './conditions.ts'

/** Metrics that prom-client has of a Node process. */
const ofNode = (name: string, type: Declared['type']): Declared => ({ name, type, help: '', labels: [] })
const memory = ofNode('process_resident_memory_bytes', 'gauge')
const cpu = ofNode('process_cpu_seconds_total', 'counter')
const recordingLag = ofNode('nodejs_eventloop_lag_p99_seconds', 'gauge')

/** Other Node processes have these metrics too. */
const ours = `* on (namespace, pod, instance, job) group_left () ${select(adminMetrics.buildInfo)}`

export const processRow: Row = {
  title: 'Processes',
  panels: [
    lines({
      title: 'Memory',
      description: 'Resident, by process. A sidecar’s limit is 512 MiB in the chart.',
      unit: 'bytes',
      queries: [
        { expr: `sum by (${byProcess.join(', ')}) (${select(memory)} ${ours})`, legend: processLegend },
      ],
    }),
    lines({
      title: 'CPU',
      description: 'Cores, of relay and recording thread together.',
      unit: 'short',
      queries: [
        {
          expr: `sum by (${byProcess.join(', ')}) (rate(${select(cpu)}[$__rate_interval]) ${ours})`,
          legend: processLegend,
        },
      ],
    }),
    lines({
      title: 'Event-loop delay of the recording thread, p99',
      description:
        'Of the thread that makes records (of the worker: its only one). It delays records, never calls.',
      unit: 's',
      thresholds: { warning: 0.1, critical: 0.5 },
      queries: [
        { expr: `max by (${byProcess.join(', ')}) (${select(recordingLag)} ${ours})`, legend: processLegend },
      ],
    }),
    lines({
      title: 'What does not work',
      description:
        'Processes in which a part of telemetry fails while calls go on; /readyz says why. Alert ThreadtapDegraded fires after a quarter of an hour.',
      unit: 'short',
      thresholds: { critical: 1 },
      queries: [{ expr: `sum by (part) (${select(degradationMetrics.degraded)})`, legend: '{{part}}' }],
    }),
    lines({
      title: 'Defects',
      description:
        'A second; each is in the log. Calls that could not be recorded, packs that cannot be read, failures of the admin port and of token estimates.',
      unit: 'cps',
      thresholds: { critical: 0.001 },
      queries: [
        { expr: rate(proxyMetrics.observerFailures), legend: 'not recorded' },
        { expr: rate(workerMetrics.unreadablePacks, ['kept']), legend: 'unreadable pack, kept: {{kept}}' },
        { expr: rate(adminMetrics.errors), legend: 'admin port' },
        { expr: rate(workerMetrics.usageEstimates, [], ['outcome="failed"']), legend: 'token estimate' },
      ],
    }),
    lines({
      title: 'Registered contexts',
      description:
        'Look-ups of threads a second. failed: Redis did not answer; skipped: too many were pending. The record then lacks what was registered.',
      unit: 'cps',
      queries: [{ expr: rate(proxyMetrics.contextLookUps, ['outcome']), legend: '{{outcome}}' }],
    }),
  ],
}

import { degradationMetrics, proxyMetrics, relayMetrics } from '../../shared/metrics/catalogue.ts'
import type { Alert } from './alert.ts'

const byProcess = 'sum by (namespace, pod, instance)'

export const processAlerts: readonly Alert[] = [
  {
    name: 'ThreadtapNotRecording',
    // Each call that is forwarded is observed once for what it was held.
    expr: `${byProcess} (increase(${relayMetrics.overhead.name}_count[15m])) >= 10
and
${byProcess} (increase(${proxyMetrics.recordsAccepted.name}[15m])) == 0`,
    for: '5m',
    severity: 'critical',
    summary: '{{ $labels.pod }} {{ $labels.instance }} relays calls and records none',
    description: 'Calls go on; nothing is known of them.',
  },
  {
    name: 'ThreadtapDegraded',
    expr: `max by (namespace, pod, instance, part) (${degradationMetrics.degraded.name}) == 1`,
    for: '15m',
    severity: 'warning',
    summary: '{{ $labels.pod }} {{ $labels.instance }}: {{ $labels.part }} does not work',
    description: 'Calls go on, and it is tried again by itself; what records do meanwhile stands in /readyz.',
  },
  {
    name: 'ThreadtapDown',
    expr: 'max by (namespace, pod, instance) (up{job=~".*threadtap.*"}) == 0',
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.pod }} {{ $labels.instance }} cannot be scraped',
    description:
      'The process is away, or its recording thread does not answer. Its other alerts are blind meanwhile.',
  },
]

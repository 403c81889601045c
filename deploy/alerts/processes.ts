import { degradationMetrics, proxyMetrics, relayMetrics } from '../../shared/metrics/catalogue.ts'
import type { Alert } from './alert.ts'

const labels = 'namespace, pod, instance'
const byProcess = `sum by (${labels})`

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
    name: 'ThreadtapLeavesOut',
    // Once in each five minutes: it comes and goes while a load is at its limit. Bodies are also left out without SHED_LOAD, for
    // which there is no gauge.
    expr: `max by (${labels}, what) (max_over_time(${relayMetrics.leftOut.name}[5m])) == 1
or
label_replace(${byProcess} (increase(${proxyMetrics.unrecordedBodyBytes.name}[5m])) > 0, "what", "bodies", "", "")`,
    for: '10m',
    severity: 'warning',
    summary:
      '{{ $labels.pod }} {{ $labels.instance }} keeps leaving {{ $labels.what }} out of what it records',
    description:
      'It cannot keep up. Calls go on; records of calls lack inputs and outputs, or tokens as well.',
  },
  {
    name: 'ThreadtapDegraded',
    expr: `max by (${labels}, part) (${degradationMetrics.degraded.name}) == 1`,
    for: '15m',
    severity: 'warning',
    summary: '{{ $labels.pod }} {{ $labels.instance }}: {{ $labels.part }} does not work',
    description: 'Calls go on, and it is tried again by itself; what records do meanwhile stands in /readyz.',
  },
  {
    name: 'ThreadtapDown',
    expr: `max by (${labels}) (up{job=~".*threadtap.*"}) == 0`,
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.pod }} {{ $labels.instance }} cannot be scraped',
    description:
      'The process is away, or its recording thread does not answer. Its other alerts are blind meanwhile.',
  },
]

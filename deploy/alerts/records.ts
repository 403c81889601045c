import {
  proxyMetrics,
  queueMetrics,
  spoolReadings,
  workerMetrics,
  workerReadings,
} from '../../shared/metrics/catalogue.ts'
import type { Alert } from './alert.ts'

/** Drops that no setting asked for. */
export const unintended = 'reason!~"sampled_out|spans_off|caller_unsampled"'

const ages = [spoolReadings.spoolOldest, queueMetrics.queueOldest, workerReadings.workerOldest]

/** How old the oldest record is, in each place that each process sees. */
export const oldestAges = `__name__=~"${ages.map(({ name }) => name).join('|')}"`

export const recordAlerts: readonly Alert[] = [
  {
    name: 'ThreadtapRecordsDropped',
    expr: [proxyMetrics.recordsDropped, workerMetrics.workerDropped]
      .map(
        ({ name }) => `sum by (namespace, pod, instance, reason) (increase(${name}{${unintended}}[15m])) > 0`,
      )
      .join('\nor\n'),
    for: '0m',
    severity: 'critical',
    summary: 'Records are lost: {{ $labels.reason }} at {{ $labels.pod }} {{ $labels.instance }}',
    description: 'Records of calls will not arrive. The calls themselves went on.',
  },
  {
    name: 'ThreadtapRecordsTooOld',
    expr: `max by (namespace) ({${oldestAges}}) > 900`,
    for: '5m',
    severity: 'warning',
    summary: 'A record has waited for more than 15 minutes in {{ $labels.namespace }}',
    description:
      'Nothing is lost yet: records wait in a spool, in Redis or with a worker, because Redis or a sink does not take them, or no worker runs.',
  },
  {
    name: 'ThreadtapSinkRefuses',
    expr: `max by (namespace, sink) (${workerMetrics.sinkHeld.name}) == 1`,
    for: '5m',
    severity: 'critical',
    summary: '{{ $labels.sink }} refuses everything, until somebody acts',
    description:
      'Wrong keys, a suspended project or a wrong address. All records wait meanwhile, and none is used up.',
  },
  {
    name: 'ThreadtapDeadLettersGrow',
    expr: `sum by (namespace) (increase(${workerMetrics.recordsDeadLettered.name}[1h])) > 0`,
    for: '0m',
    severity: 'warning',
    summary: 'A sink refuses records for good in {{ $labels.namespace }}',
    description: 'They are kept on the worker’s disk as dead letters, up to 10,000 of them or 256 MB.',
  },
  {
    name: 'ThreadtapSpoolNearlyFull',
    expr: `max by (namespace, pod, instance) (${spoolReadings.spoolBytes.name} / ${spoolReadings.spoolLimit.name}) > 0.8`,
    for: '5m',
    severity: 'critical',
    summary: 'The spool of {{ $labels.pod }} {{ $labels.instance }} is over 80 % full',
    description: 'At SPOOL_MAX_BYTES the oldest records are dropped.',
  },
]

import { workerMetrics, workerReadings } from '../../../shared/metrics/catalogue.ts'
import type { Row } from '../builders/dashboard.ts'
import { lines } from '../builders/panel.ts'
import { mean, quantile, rate, select } from '../builders/promql.ts'
import { byProcess, processLegend } from './conditions.ts'

const { sinkRequests, sinkSeconds, sinkHeld, deliveryPaused, deliveryAge, batchRecords } = workerMetrics

export const sinkRow: Row = {
  title: 'Sinks',
  panels: [
    lines({
      title: 'Requests to sinks',
      description:
        'A second, by outcome. retryable: an outage, tried again; held: wrong keys or server, somebody must act; refused, permanent: see dead letters; unwanted: left out by settings.',
      unit: 'reqps',
      stacked: true,
      queries: [{ expr: rate(sinkRequests, ['sink', 'outcome']), legend: '{{sink}} {{outcome}}' }],
    }),
    lines({
      title: 'How long sinks take',
      description: 'One request with a batch. LANGFUSE_TIMEOUT ends it.',
      unit: 's',
      noValue: 'nothing sent',
      queries: [
        { expr: quantile(0.5, sinkSeconds, ['sink']), legend: '{{sink}} p50' },
        { expr: quantile(0.95, sinkSeconds, ['sink']), legend: '{{sink}} p95' },
      ],
    }),
    lines({
      title: 'Held or paused',
      description:
        'Workers that send nothing. held: the sink refuses everything until somebody acts (its log says why); paused: an outage, tried again by itself.',
      unit: 'short',
      thresholds: { critical: 1 },
      queries: [
        { expr: `sum by (sink) (${select(sinkHeld)})`, legend: '{{sink}} held' },
        { expr: `sum(${select(deliveryPaused)})`, legend: 'paused' },
      ],
    }),
    lines({
      title: 'From the end of a call to its delivery',
      description: 'A few seconds where all is well: LANGFUSE_FLUSH_INTERVAL and the sink’s own time.',
      unit: 's',
      noValue: 'nothing delivered',
      queries: [
        { expr: quantile(0.5, deliveryAge), legend: 'p50' },
        { expr: quantile(0.95, deliveryAge), legend: 'p95' },
      ],
    }),
    lines({
      title: 'Records in a batch',
      description: 'On average. Near LANGFUSE_FLUSH_AT the worker is busy; near 1 there is little to do.',
      unit: 'short',
      noValue: 'nothing sent',
      queries: [{ expr: mean(batchRecords), legend: 'records' }],
    }),
    lines({
      title: 'Dead letters on disk',
      description:
        'By worker. threadtap dead list shows them; after mending, threadtap dead replay --all sends them again.',
      unit: 'short',
      thresholds: { warning: 1, critical: 1000 },
      queries: [
        {
          expr: `sum by (${byProcess.join(', ')}) (${select(workerReadings.deadLetters)})`,
          legend: processLegend,
        },
      ],
    }),
  ],
}

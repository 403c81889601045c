import { proxyMetrics, relayMetrics, workerMetrics } from '../../../shared/metrics/catalogue.ts'
import type { Row } from '../builders/dashboard.ts'
import { lines, stat } from '../builders/panel.ts'
import { orZero, rate, total } from '../builders/promql.ts'

const { recordsAccepted, recordsQueued, recordsDropped } = proxyMetrics
const { recordsDelivered, recordsDeadLettered, workerDropped } = workerMetrics

export const ledgerRow: Row = {
  title: 'The ledger: accepted = waiting + delivered + dead letters + dropped',
  panels: [
    lines({
      title: 'Records on their way',
      description:
        'A second. The lines lie on each other where all is well. One that falls below the one before it means that records wait between the two. Without Redis nothing is handed over; with two sinks each record is delivered twice.',
      unit: 'suffix: rec/s',
      width: 16,
      queries: [
        { expr: rate(recordsAccepted), legend: '1 accepted' },
        { expr: rate(recordsQueued), legend: '2 handed to Redis' },
        { expr: rate(recordsDelivered, ['sink']), legend: '3 delivered to {{sink}}' },
        { expr: rate(recordsDeadLettered), legend: '3 dead letters' },
      ],
    }),
    lines({
      title: 'Dropped',
      description:
        'Records a second that will not arrive, by reason (README, "What can be lost"). sampled_out, spans_off and caller_unsampled are as the settings want it.',
      unit: 'suffix: rec/s',
      stacked: true,
      queries: [
        { expr: rate(recordsDropped, ['reason']), legend: '{{reason}}' },
        { expr: rate(workerDropped, ['reason']), legend: 'worker: {{reason}}' },
      ],
    }),
    stat({
      title: 'Accepted',
      description: 'Records of finished calls, within the time that is shown.',
      unit: 'short',
      queries: [{ expr: orZero(total(recordsAccepted)), legend: 'accepted' }],
    }),
    stat({
      title: 'Handed to Redis',
      description: 'Within the time that is shown; 0 without Redis.',
      unit: 'short',
      queries: [{ expr: orZero(total(recordsQueued)), legend: 'queued' }],
    }),
    stat({
      title: 'Delivered',
      description: 'By sink, within the time that is shown.',
      unit: 'short',
      queries: [{ expr: total(recordsDelivered, ['sink']), legend: '{{sink}}' }],
    }),
    stat({
      title: 'To dead letters',
      description: 'Within the time that is shown.',
      unit: 'short',
      thresholds: { critical: 1 },
      queries: [{ expr: orZero(total(recordsDeadLettered)), legend: 'dead' }],
    }),
    stat({
      title: 'Calls without a record',
      description:
        'The recorder could not keep up, or was restarted. Also dropped as recorder_full or recorder_died.',
      unit: 'short',
      thresholds: { critical: 1 },
      queries: [{ expr: orZero(total(relayMetrics.lostCalls)), legend: 'unrecorded' }],
    }),
    stat({
      title: 'Bodies left out',
      description: 'Bytes of bodies that the recorder could not keep up with; the records say so.',
      unit: 'bytes',
      thresholds: { critical: 1 },
      queries: [{ expr: orZero(total(proxyMetrics.unrecordedBodyBytes)), legend: 'bytes' }],
    }),
  ],
}

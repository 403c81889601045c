import {
  adminMetrics,
  proxyMetrics,
  queueMetrics,
  spoolReadings,
  workerMetrics,
  workerReadings,
} from '../../../shared/metrics/catalogue.ts'
import { unintended } from '../../alerts/records.ts'
import type { Row } from '../builders/dashboard.ts'
import { stat } from '../builders/panel.ts'
import { orZero, select, total } from '../builders/promql.ts'
import { oldestAge } from './conditions.ts'

const lost = `${orZero(total(proxyMetrics.recordsDropped, [], [unintended]))} + ${orZero(total(workerMetrics.workerDropped, [], [unintended]))}`

export const glanceRow: Row = {
  title: 'At a glance',
  panels: [
    stat({
      title: 'Processes',
      description:
        'By version: two of them at once for longer than a roll-out means that some pods were not restarted.',
      unit: 'short',
      queries: [{ expr: `count by (version) (${select(adminMetrics.buildInfo)})`, legend: '{{version}}' }],
    }),
    stat({
      title: 'Oldest record that waits',
      description:
        'In a spool, in Redis or with a worker. Alert ThreadtapRecordsTooOld fires beyond 15 minutes.',
      unit: 'dtdurations',
      thresholds: { warning: 120, critical: 900 },
      queries: [{ expr: orZero(`max(${oldestAge})`), legend: 'age' }],
    }),
    stat({
      title: 'Records that wait',
      description:
        'In the spools of all proxies, and with workers. What is in Redis is counted in packs, of up to 50 records.',
      unit: 'short',
      queries: [
        { expr: orZero(`sum(${select(spoolReadings.spoolRecords)})`), legend: 'in spools' },
        { expr: orZero(`sum(${select(workerMetrics.recordsInHand)})`), legend: 'with workers' },
      ],
    }),
    stat({
      title: 'Packs in Redis',
      description: 'Waiting, delayed and with workers.',
      unit: 'short',
      noValue: 'no Redis',
      queries: [{ expr: `sum(max by (state) (${select(queueMetrics.queuePacks)}))`, legend: 'packs' }],
    }),
    stat({
      title: 'Records lost',
      description:
        'Within the time that is shown, by threadtap itself. What settings leave out on purpose (sampling) does not count.',
      unit: 'short',
      thresholds: { critical: 1 },
      queries: [{ expr: lost, legend: 'lost' }],
    }),
    stat({
      title: 'Dead letters',
      description: 'Records that a sink refused for good, kept on disk: threadtap dead list.',
      unit: 'short',
      thresholds: { warning: 1, critical: 1000 },
      queries: [{ expr: orZero(`sum(${select(workerReadings.deadLetters)})`), legend: 'kept' }],
    }),
  ],
}

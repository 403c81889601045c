import {
  proxyMetrics,
  queueMetrics,
  spoolReadings,
  workerMetrics,
} from '../../../shared/metrics/catalogue.ts'
import type { Row } from '../builders/dashboard.ts'
import { lines } from '../builders/panel.ts'
import { rate, select } from '../builders/promql.ts'
import { byProcess, oldestAge, processLegend } from './conditions.ts'

const { spoolBytes, spoolLimit, spoolRecords } = spoolReadings

export const waitingRow: Row = {
  title: 'Where records wait',
  panels: [
    lines({
      title: 'Age of the oldest record',
      description:
        'The oldest of all processes, by place. It grows at the pace of the clock where nothing leaves.',
      unit: 's',
      thresholds: { warning: 120, critical: 900 },
      queries: [{ expr: `max by (__name__) (${oldestAge})`, legend: '{{__name__}}' }],
    }),
    lines({
      title: 'Spools: how full',
      description:
        'Share of SPOOL_MAX_BYTES. At 1 the oldest records are dropped, and counted as spool_full.',
      unit: 'percentunit',
      max: 1,
      thresholds: { warning: 0.5, critical: 0.8 },
      queries: [
        {
          expr: `max by (${byProcess.join(', ')}) (${select(spoolBytes)} / ${select(spoolLimit)})`,
          legend: processLegend,
        },
      ],
    }),
    lines({
      title: 'Records in spools',
      description:
        'In memory and on disk, by process: what Redis, or without Redis the sink, has not taken yet.',
      unit: 'short',
      queries: [
        {
          expr: `sum by (${byProcess.join(', ')}) (${select(spoolRecords)})`,
          legend: processLegend,
        },
      ],
    }),
    lines({
      title: 'Packs in Redis',
      description:
        'Packs of up to 50 records. waiting: no worker has taken it; active: with a worker; delayed: put back, to come again.',
      unit: 'short',
      stacked: true,
      noValue: 'no Redis',
      queries: [{ expr: `max by (state) (${select(queueMetrics.queuePacks)})`, legend: '{{state}}' }],
    }),
    lines({
      title: 'Records with workers',
      description:
        'Taken and not yet settled. A worker holds 20 packs at most, so that a flat line at its top is a sink that is too slow.',
      unit: 'short',
      queries: [
        {
          expr: `sum by (${byProcess.join(', ')}) (${select(workerMetrics.recordsInHand)})`,
          legend: processLegend,
        },
      ],
    }),
    lines({
      title: 'Trouble with disk and Redis',
      description:
        'Operations of the spool that failed, and packs that could not be handed to Redis, a second.',
      unit: 'cps',
      queries: [
        { expr: rate(proxyMetrics.spoolFailures, ['operation']), legend: 'spool: {{operation}}' },
        { expr: rate(proxyMetrics.queueFailures, ['reason']), legend: 'Redis: {{reason}}' },
      ],
    }),
  ],
}

import { queueMetrics, spoolReadings, workerReadings } from '../../../shared/metrics/catalogue.ts'
import type { Condition } from '../builders/promql.ts'

/** Drops that no setting asked for. */
export const unintended: Condition = 'reason!~"sampled_out|spans_off|caller_unsampled"'

const ages = [spoolReadings.spoolOldest, queueMetrics.queueOldest, workerReadings.workerOldest]

/** How old the oldest record is, in each place that each process sees. */
export const oldestAge = `{__name__=~"${ages.map(({ name }) => name).join('|')}", namespace=~"$namespace"}`

import { proxyMetrics, relayMetrics } from '../../../shared/metrics/catalogue.ts'
import type { Row } from '../builders/dashboard.ts'
import { stat } from '../builders/panel.ts'
import { orZero, quantile, quotient, rate, select, total } from '../builders/promql.ts'

const { inferenceDuration, operationDuration, timeToFirstChunk, inputTokens, outputTokens, cost } =
  proxyMetrics

/** Before the first call there is no series of its errors, and no error either. */
const errors = orZero(rate(inferenceDuration, [], ['error_type!=""']))

export const llmGlanceRow: Row = {
  title: 'At a glance',
  panels: [
    stat({
      title: 'Calls a second',
      description: 'Finished calls of every kind.',
      unit: 'reqps',
      queries: [
        { expr: `${orZero(rate(inferenceDuration))} + ${orZero(rate(operationDuration))}`, legend: 'calls' },
      ],
    }),
    stat({
      title: 'Errors',
      description: 'Share of the calls that generate which ended in an error. A client that leaves is none.',
      unit: 'percentunit',
      decimals: 1,
      noValue: 'no calls',
      thresholds: { warning: 0.02, critical: 0.1 },
      queries: [{ expr: quotient(errors, rate(inferenceDuration)), legend: 'errors' }],
    }),
    stat({
      title: 'First token, p95',
      description: 'What 95 in 100 streams wait at most for their first content.',
      unit: 's',
      noValue: 'no streams',
      thresholds: { warning: 3, critical: 10 },
      queries: [{ expr: quantile(0.95, timeToFirstChunk), legend: 'p95' }],
    }),
    stat({
      title: 'Tokens',
      description: 'In and out, within the time that is shown.',
      unit: 'short',
      queries: [
        { expr: orZero(total(inputTokens)), legend: 'in' },
        { expr: orZero(total(outputTokens)), legend: 'out' },
      ],
    }),
    stat({
      title: 'Cost',
      description:
        'Within the time that is shown: what providers billed, else by list prices (docs/prices.md). Calls without known price are missing: see "Where costs come from".',
      unit: 'currencyUSD',
      queries: [{ expr: orZero(total(cost)), legend: 'cost' }],
    }),
    stat({
      title: 'In flight',
      description: 'Calls that have begun and not ended, of all upstreams and models.',
      unit: 'short',
      queries: [{ expr: orZero(`sum(${select(relayMetrics.callsInFlight)})`), legend: 'calls' }],
    }),
  ],
}

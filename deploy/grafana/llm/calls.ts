import { proxyMetrics } from '../../../shared/metrics/catalogue.ts'
import type { Row } from '../builders/dashboard.ts'
import { lines } from '../builders/panel.ts'
import { quantile, quotient, rate } from '../builders/promql.ts'

const { inferenceDuration, operationDuration, calls } = proxyMetrics
const model = ['gen_ai_request_model']
const failed = ['error_type!=""'] as const

export const callRow: Row = {
  title: 'Calls',
  panels: [
    lines({
      title: 'Calls by model',
      description:
        'Finished calls a second. Embeddings, rerank and moderation have the name of their operation.',
      unit: 'reqps',
      stacked: true,
      queries: [
        { expr: rate(inferenceDuration, model), legend: '{{gen_ai_request_model}}' },
        {
          expr: rate(operationDuration, ['gen_ai_operation_name', ...model]),
          legend: '{{gen_ai_operation_name}} {{gen_ai_request_model}}',
        },
      ],
    }),
    lines({
      title: 'Errors by kind and model',
      description:
        'Calls that ended in an error, a second, by what the provider or the connection called it. Codes that threadtap does not know are "other".',
      unit: 'reqps',
      stacked: true,
      noValue: 'no errors',
      queries: [
        {
          expr: rate(inferenceDuration, ['error_type', ...model], failed),
          legend: '{{error_type}} {{gen_ai_request_model}}',
        },
        {
          expr: rate(operationDuration, ['error_type', 'gen_ai_operation_name', ...model], failed),
          legend: '{{error_type}} {{gen_ai_operation_name}} {{gen_ai_request_model}}',
        },
      ],
    }),
    lines({
      title: 'Share of errors by model',
      description: 'Of the calls of each model, those that ended in an error. A client that leaves is none.',
      unit: 'percentunit',
      max: 1,
      noValue: 'no errors',
      thresholds: { warning: 0.02, critical: 0.1 },
      queries: [
        {
          expr: quotient(rate(inferenceDuration, model, failed), rate(inferenceDuration, model)),
          legend: '{{gen_ai_request_model}}',
        },
      ],
    }),
    lines({
      title: 'Duration',
      description:
        'From the request to the end of the response: half of the calls are faster than p50, 5 in 100 slower than p95.',
      unit: 's',
      queries: [
        { expr: quantile(0.5, inferenceDuration), legend: 'p50' },
        { expr: quantile(0.95, inferenceDuration), legend: 'p95' },
      ],
    }),
    lines({
      title: 'Duration by model, p95',
      description: 'What 95 in 100 calls of each model stay below.',
      unit: 's',
      queries: [{ expr: quantile(0.95, inferenceDuration, model), legend: '{{gen_ai_request_model}}' }],
    }),
    lines({
      title: 'How calls end',
      description:
        'By upstream and HTTP status; "none" where no response came. completed is well; client_closed: the application went; the others are failures.',
      unit: 'reqps',
      stacked: true,
      queries: [
        { expr: rate(calls, ['upstream', 'ending', 'status']), legend: '{{upstream}} {{ending}} {{status}}' },
      ],
    }),
  ],
}

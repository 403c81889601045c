import { proxyMetrics, rateLimitMetrics, relayMetrics } from '../../../shared/metrics/catalogue.ts'
import type { Row } from '../builders/dashboard.ts'
import { lines } from '../builders/panel.ts'
import { rate, select } from '../builders/promql.ts'

const { rateLimit, rateLimitRemaining } = rateLimitMetrics
const { calls, retries } = proxyMetrics

export const limitRow: Row = {
  title: 'Limits and retries',
  panels: [
    lines({
      title: 'Rate-limit headroom',
      description:
        'What is left of the provider’s limits, as its last response said: the least of all processes. At 0 it refuses calls with 429.',
      unit: 'percentunit',
      max: 1,
      noValue: 'no limits known',
      queries: [
        {
          expr: `min by (upstream, gen_ai_request_model, kind) (${select(rateLimitRemaining)} / ${select(rateLimit)})`,
          legend: '{{upstream}} {{gen_ai_request_model}} {{kind}}',
        },
      ],
    }),
    lines({
      title: 'Refused for limits or load',
      description: 'Calls a second that got 429, 503 or 529.',
      unit: 'reqps',
      stacked: true,
      noValue: 'none refused',
      queries: [
        {
          expr: rate(calls, ['upstream', 'status'], ['status=~"429|503|529"']),
          legend: '{{upstream}} {{status}}',
        },
      ],
    }),
    lines({
      title: 'Retries',
      description:
        'Calls a second that repeat one that failed, as the client says; and streams that threadtap sent again without stream_options.',
      unit: 'reqps',
      queries: [
        { expr: rate(retries, ['upstream']), legend: '{{upstream}}' },
        {
          expr: rate(relayMetrics.usageRefusals, ['upstream']),
          legend: '{{upstream}} without stream_options',
        },
      ],
    }),
  ],
}

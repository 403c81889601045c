import { proxyMetrics } from '../../../shared/metrics/catalogue.ts'
import type { Row } from '../builders/dashboard.ts'
import { lines } from '../builders/panel.ts'
import { quantile, rate, select, sumBy } from '../builders/promql.ts'

const { timeToFirstChunk, timePerOutputChunk, outputSpeed, streamGap, calls } = proxyMetrics
const model = ['gen_ai_request_model']

/** Streams a second whose largest pause was over 5 seconds. Prometheus 3 writes the bound as 5.0, older ones as 5. */
const slow = `${rate(streamGap, ['upstream'])} - ${sumBy(
  ['upstream'],
  `rate(${select(streamGap, ['le=~"5|5[.]0"'], '_bucket')}[$__rate_interval])`,
)}`

export const streamRow: Row = {
  title: 'Streams',
  panels: [
    lines({
      title: 'Time to first token',
      description: 'From the request to the first content, reasoning or tool call of a stream.',
      unit: 's',
      noValue: 'no streams',
      queries: [
        { expr: quantile(0.5, timeToFirstChunk), legend: 'p50' },
        { expr: quantile(0.95, timeToFirstChunk), legend: 'p95' },
      ],
    }),
    lines({
      title: 'Time to first token by model, p95',
      description:
        'What 95 in 100 streams of each model wait at most. Alert ThreadtapSlowFirstToken compares it with its usual self.',
      unit: 's',
      noValue: 'no streams',
      queries: [{ expr: quantile(0.95, timeToFirstChunk, model), legend: '{{gen_ai_request_model}}' }],
    }),
    lines({
      title: 'Tokens a second within a stream',
      description:
        'How fast output comes once it has begun: half of the streams are faster than p50, one in ten slower than p10.',
      unit: 'suffix: tok/s',
      noValue: 'no streams',
      queries: [
        { expr: quantile(0.5, outputSpeed, model), legend: '{{gen_ai_request_model}} p50' },
        { expr: quantile(0.1, outputSpeed, model), legend: '{{gen_ai_request_model}} p10' },
      ],
    }),
    lines({
      title: 'Time between chunks, p95',
      description: 'What 95 in 100 chunks come within, after the one before (by the mean of their stream).',
      unit: 's',
      noValue: 'no streams',
      queries: [{ expr: quantile(0.95, timePerOutputChunk, model), legend: '{{gen_ai_request_model}}' }],
    }),
    lines({
      title: 'Slow streams',
      description: 'Streams that paused for more than 5 seconds between two events, a second.',
      unit: 'reqps',
      noValue: 'no streams',
      queries: [{ expr: slow, legend: '{{upstream}}' }],
    }),
    lines({
      title: 'Broken streams',
      description:
        'Streams that did not come to their end, a second. truncated: no last event; upstream_closed: the connection broke; error_in_stream: the provider said so; timed_out; client_closed: the application went; process_died: threadtap was killed.',
      unit: 'reqps',
      stacked: true,
      noValue: 'none broken',
      queries: [
        {
          expr: rate(
            calls,
            ['upstream', 'ending'],
            ['ending=~"error_in_stream|truncated|upstream_closed|timed_out|client_closed|process_died"'],
          ),
          legend: '{{upstream}} {{ending}}',
        },
      ],
    }),
  ],
}

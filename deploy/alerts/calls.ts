import { proxyMetrics } from '../../shared/metrics/catalogue.ts'
import type { Alert } from './alert.ts'

const { calls, timeToFirstChunk } = proxyMetrics
const failed = `${calls.name}{ending!~"completed|client_closed"}`
const byUpstream = 'sum by (namespace, upstream)'

const byModel = 'namespace, upstream, gen_ai_request_model'
const firstToken = (window: string): string =>
  `histogram_quantile(0.95, sum by (le, ${byModel}) (rate(${timeToFirstChunk.name}_bucket[${window}])))`

export const callAlerts: readonly Alert[] = [
  {
    name: 'ThreadtapUpstreamErrors',
    expr: `${byUpstream} (rate(${failed}[10m])) / ${byUpstream} (rate(${calls.name}[10m])) > 0.1
and
${byUpstream} (increase(${failed}[10m])) >= 5`,
    for: '5m',
    severity: 'warning',
    summary: 'More than one call in ten to {{ $labels.upstream }} fails',
    description: 'Seen from threadtap, which passes errors on as they come.',
  },
  {
    name: 'ThreadtapSlowFirstToken',
    // Half an hour against the day before it; below a second nobody is waiting.
    expr: `(
  ${firstToken('30m')} > 1
  and
  sum by (${byModel}) (increase(${timeToFirstChunk.name}_count[30m])) >= 20
)
> 2 *
${firstToken('1d').replace('[1d]', '[1d] offset 30m')}`,
    for: '15m',
    severity: 'warning',
    summary:
      '{{ $labels.gen_ai_request_model }} at {{ $labels.upstream }} is twice as slow to its first token as usual',
    description: 'What 95 in 100 streams wait at most, over half an hour, against the day before.',
  },
]

import { loopMetrics, proxyMetrics, relayMetrics } from '../../../shared/metrics/catalogue.ts'
import type { Row } from '../builders/dashboard.ts'
import { lines } from '../builders/panel.ts'
import { quantile, rate, select } from '../builders/promql.ts'
import { byProcess, processLegend } from './conditions.ts'

const { loopDelay } = loopMetrics
const { overhead, callsInFlight, refused, usageFrames, usageRefusals } = relayMetrics

export const relayRow: Row = {
  title: 'The relay: what calls feel',
  panels: [
    lines({
      title: 'Added before the upstream is called',
      description:
        'Time that threadtap itself holds a request, once it has come. A rise here is a busy process or a throttled container.',
      unit: 's',
      noValue: 'no calls',
      thresholds: { warning: 0.01, critical: 0.05 },
      queries: [
        { expr: quantile(0.5, overhead), legend: 'p50' },
        { expr: quantile(0.99, overhead), legend: 'p99' },
      ],
    }),
    lines({
      title: 'Event-loop delay of the relay, p99',
      description:
        'How late the loop that carries the streams runs, by process. Blocks over 50 ms are in the log, with the route that ran.',
      unit: 's',
      thresholds: { warning: 0.02, critical: 0.1 },
      queries: [
        {
          expr: quantile(0.99, loopDelay, byProcess, ['thread="relay"']),
          legend: processLegend,
        },
      ],
    }),
    lines({
      title: 'Calls in flight',
      description: 'By process.',
      unit: 'short',
      queries: [
        {
          expr: `sum by (${byProcess.join(', ')}) (${select(callsInFlight)})`,
          legend: processLegend,
        },
      ],
    }),
    lines({
      title: 'What is left out of records',
      description:
        'Processes that record less, because they cannot keep up: content, then bodies, then whole records; docs/operations.md says from which load on. Alert ThreadtapLeavesOut fires after ten minutes.',
      unit: 'short',
      thresholds: { critical: 1 },
      queries: [{ expr: `sum by (what) (${select(relayMetrics.leftOut)})`, legend: '{{what}}' }],
    }),
    lines({
      title: 'What was shed',
      description:
        'Bytes of bodies a second that the recorder could not keep up with, and calls a second without any record. Calls themselves are never shed.',
      unit: 'short',
      queries: [
        { expr: rate(proxyMetrics.unrecordedBodyBytes, ['body']), legend: 'bytes of {{body}} bodies' },
        { expr: rate(relayMetrics.lostCalls), legend: 'calls' },
      ],
    }),
    lines({
      title: 'Refused requests',
      description: 'Requests a second that reached no upstream, by the code of docs/errors.md.',
      unit: 'reqps',
      stacked: true,
      queries: [{ expr: rate(refused, ['reason']), legend: '{{reason}}' }],
    }),
    lines({
      title: 'Usage asked for on behalf of streams',
      description:
        'cut: the additional frame came, and was hidden from the client; none_came: the upstream sent none; refused: the call was sent again without.',
      unit: 'reqps',
      queries: [
        { expr: rate(usageFrames, ['outcome']), legend: '{{outcome}}' },
        { expr: rate(usageRefusals), legend: 'refused' },
      ],
    }),
  ],
}

import type { Metric, Registry } from 'prom-client'
import type { Declared } from './declared.ts'
import { GatheredHistogram, GatheredNumber, type Refresh } from './gathered-metric.ts'

type LabelOf<D> = D extends { labels: readonly (infer L extends string)[] } ? L : never

type MetricOf<D> = D extends { type: 'histogram' }
  ? GatheredHistogram<LabelOf<D>>
  : GatheredNumber<LabelOf<D>>

export type Metrics<C> = { readonly [K in keyof C]: MetricOf<C[K]> }

/**
 * Creates the declared metrics and registers them.
 * @param refresh called for each of them when they are scraped
 */
export function createMetrics<C extends Readonly<Record<string, Declared>>>(
  declared: C,
  registry: Registry,
  refresh?: Refresh,
): Metrics<C> {
  const made = Object.entries(declared).map(([key, metric]) => {
    const gathered =
      metric.type === 'histogram'
        ? new GatheredHistogram(metric, refresh)
        : new GatheredNumber(metric, refresh)
    // A registry reads no more of a metric than its name, `get` and `reset`; its types want prom-client's own classes.
    registry.registerMetric(gathered as unknown as Metric)
    return [key, gathered]
  })
  return Object.fromEntries(made) as Metrics<C>
}

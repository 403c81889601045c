import type { Metric, Registry } from 'prom-client'
import type { Declared } from './catalogue.ts'
import { GatheredHistogram, GatheredNumber } from './gathered-metric.ts'

type LabelOf<D> = D extends { labels: readonly (infer L extends string)[] } ? L : never

type MetricOf<D> = D extends { type: 'histogram' }
  ? GatheredHistogram<LabelOf<D>>
  : GatheredNumber<LabelOf<D>>

export type Metrics<C> = { readonly [K in keyof C]: MetricOf<C[K]> }

/** Makes the declared metrics and registers them. */
export function createMetrics<C extends Readonly<Record<string, Declared>>>(
  declared: C,
  registry: Registry,
): Metrics<C> {
  const made = Object.entries(declared).map(([key, metric]) => {
    const gathered = metric.type === 'histogram' ? new GatheredHistogram(metric) : new GatheredNumber(metric)
    // A registry reads no more of a metric than its name, `get` and `reset`; its types want prom-client's own classes.
    registry.registerMetric(gathered as unknown as Metric)
    return [key, gathered]
  })
  return Object.fromEntries(made) as Metrics<C>
}

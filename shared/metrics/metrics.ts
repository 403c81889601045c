import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Declared } from './catalogue.ts'

type Labels<D> = D extends { labels: readonly (infer L extends string)[] } ? L : never

type Metric<D> = D extends { type: 'counter' }
  ? Counter<Labels<D>>
  : D extends { type: 'gauge' }
    ? Gauge<Labels<D>>
    : Histogram<Labels<D>>

export type Metrics<C> = { readonly [K in keyof C]: Metric<C[K]> }

/** Creates the declared metrics and registers them. */
export function createMetrics<C extends Readonly<Record<string, Declared>>>(
  declared: C,
  registry: Registry,
): Metrics<C> {
  const metrics = Object.entries(declared).map(([key, metric]) => [key, createMetric(metric, registry)])
  return Object.fromEntries(metrics) as Metrics<C>
}

function createMetric({ type, name, help, labels, buckets }: Declared, registry: Registry) {
  const options = { name, help, labelNames: [...labels], registers: [registry] }
  switch (type) {
    case 'counter':
      return new Counter(options)
    case 'gauge':
      return new Gauge(options)
    case 'histogram':
      return new Histogram({ ...options, buckets: [...(buckets ?? [])] })
  }
}

import type { Declared } from '../../shared/metrics/catalogue.ts'
import { code, markdownTable, page } from './markdown.ts'

type Catalogue = Readonly<Record<string, Declared>>

/** docs/metrics.md: the metrics of each process. */
export function metricsPage(every: Catalogue, proxy: Catalogue, worker: Catalogue): string {
  return page(
    'Metrics',
    'shared/metrics/catalogue.ts',
    'Served at `/metrics` of the admin port, in the Prometheus text format. A process that is both proxy and ' +
      'worker has both. No label identifies a user, a session or a thread.',
    '## Every process',
    table(every),
    '## Proxy',
    table(proxy),
    '## Worker',
    table(worker),
    '## Buckets',
    markdownTable(['Histogram', 'Upper bounds'], [every, proxy, worker].flatMap(buckets)),
  )
}

function table(catalogue: Catalogue): string {
  const rows = Object.values(catalogue).map(({ name, type, labels, help }) => [
    code(name),
    type,
    labels.map(code).join(', '),
    help,
  ])
  return markdownTable(['Name', 'Type', 'Labels', 'Meaning'], rows)
}

function buckets(catalogue: Catalogue): string[][] {
  return Object.values(catalogue).flatMap(({ name, buckets: bounds }) =>
    bounds === undefined ? [] : [[code(name), bounds.join(', ')]],
  )
}

import type { Declared } from '../../shared/metrics/declared.ts'
import { code, markdownTable, page } from './markdown.ts'

type Catalogue = Readonly<Record<string, Declared>>

type Groups = { readonly every: Catalogue; readonly proxy: Catalogue; readonly worker: Catalogue }

/** docs/metrics.md: the metrics of each process. @param revision of the conventions that `gen_ai_...` follow */
export function metricsPage(
  { every, proxy, worker }: Groups,
  { repository, commit }: { readonly repository: string; readonly commit: string },
): string {
  return page(
    'Metrics',
    'shared/metrics/catalogue.ts',
    'Served at `/metrics` of the admin port, in the Prometheus text format. A process that is both proxy and ' +
      'worker has both. No label identifies a user, a session or a thread. Names with `gen_ai` follow the conventions of ' +
      `OpenTelemetry, ${revisionLink(repository, commit)}; their label \`upstream\`, and all others, are ours. Labels are ` +
      'closed sets or capped: of models, 50 per process beside operation and upstream, later ones are `other`. What has a ' +
      'closed set of labels is there at 0 from the start.',
    'Dashboards and alerts made of these: [operations.md](operations.md).',
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

const revisionLink = (repository: string, commit: string): string =>
  `[${repository}@${commit.slice(0, 8)}](https://github.com/${repository}/tree/${commit}/docs/gen-ai)`

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

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { metricsByProcess } from '../../../shared/metrics/catalogue.ts'
import { deployFiles, deployFolder, type TextFile } from './deploy-files.ts'

const root = join(deployFolder, '..')

/** All that speaks of metrics to people, Prometheus, Grafana or KEDA. */
export function filesThatNameMetrics(): readonly TextFile[] {
  const folders = ['docs', 'deploy/helm/threadtap/dashboards', 'deploy/helm/threadtap/rules']
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => /\.(md|json|yaml)$/.test(name))
      .map((name) => join(folder, name)),
  )
  // Not the changelog, which names what there is no longer.
  const others = ['README.md', 'ARCHITECTURE.md', 'loadtest/isolation/README.md', ...paths]
  return [...deployFiles(), ...others.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))]
}

const labels: ReadonlySet<string> = new Set(
  Object.values(metricsByProcess).flatMap((group) =>
    Object.values(group).flatMap(({ labels }): readonly string[] => labels),
  ),
)

/** An ending of calls, which reads like a metric of Node processes. */
const ending = 'process_died'

/** @returns every metric that a text names, those of Node processes included; not labels, which look the same */
export const metricsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\b(?:threadtap|gen_ai|process|nodejs)(?:_[a-z0-9]+)+\b/g)]
    .map(([name]) => name)
    .filter((name) => !labels.has(name) && name !== ending)

/** @returns the names that a scrape has, with those of a histogram's parts */
export function namesInScrape(scrape: string): ReadonlySet<string> {
  const declared = [...scrape.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
  return new Set(
    declared.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  )
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { alerts } from '../alerts/alerts.ts'
import { chartFolder } from './testing/chart.ts'
import { demoLoad, furtherLoad } from './testing/load.ts'
import { type Monitored, startMonitored } from './testing/monitored.ts'
import { filesThatNameMetrics, metricsIn, namesInScrape } from './testing/named-metrics.ts'
import { type PanelQuery, panelQueries } from './testing/panel-queries.ts'
import type { Sample } from './testing/private-prometheus.ts'
import { prometheusMissing } from './testing/prometheus-programs.ts'

const folder = join(chartFolder, 'dashboards')
/** As they are committed. */
const dashboards = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Dashboard)

const queries = dashboards.flatMap(panelQueries)

describe.skipIf(prometheusMissing)(prometheusMissing ?? 'every query of every panel', () => {
  let monitored: Monitored

  type Result = PanelQuery & { readonly samples: readonly Sample[] }
  async function runAll(): Promise<readonly Result[]> {
    // On a busy machine a scrape may fail, and then there are no gauges until the next one.
    const at = await monitored.prometheus.goodMoment()
    return Promise.all(
      queries.map(async (query) => ({
        ...query,
        samples: await monitored.prometheus.query(query.expr, at),
      })),
    )
  }
  let atRest: readonly Result[]
  let scrapeOfDemo: string
  let underLoad: readonly Result[]

  beforeAll(async () => {
    monitored = await startMonitored()
    await scrapesSeen(monitored, 2)
    atRest = await runAll()
    await demoLoad(monitored)
    await monitored.settled()
    scrapeOfDemo = await monitored.scrape('proxy')
    await furtherLoad(monitored)
    await monitored.settled()
    // A rate is 0 unless its counter was scraped before and after.
    await demoLoad(monitored)
    await furtherLoad(monitored)
    await monitored.settled()
    underLoad = await runAll()
  })
  afterAll(() => monitored?.stop())

  test('returns data under load', () => {
    expect(underLoad.filter(({ samples }) => samples.length === 0).map(describeQuery)).toEqual([])
    expect(underLoad.length).toBeGreaterThan(60)
  })

  test('gives numbers, under load and before the first call', () => {
    const odd = [...atRest, ...underLoad].filter(({ samples }) =>
      samples.some(({ value }) => !Number.isFinite(value)),
    )
    expect(odd.map(describeQuery)).toEqual([])
  })

  test('names only metrics that a live scrape has, and so do rules, values and docs', async () => {
    const live = new Set([
      ...namesInScrape(await monitored.scrape('proxy')),
      ...namesInScrape(await monitored.scrape('worker')),
    ])
    const unknown = filesThatNameMetrics().flatMap(({ path, text }) =>
      metricsIn(text)
        .filter((name) => !live.has(name))
        .map((name) => `${path}: ${name}`),
    )
    expect(unknown).toEqual([])
  })

  test('as do those by which KEDA scales, and those of the alerts can be evaluated', async () => {
    const at = await monitored.prometheus.goodMoment()
    for (const query of kedaQueries()) {
      const samples = await monitored.prometheus.query(query, at)
      expect(samples, query).toEqual([{ labels: {}, value: expect.any(Number) }])
    }
    for (const { expr } of alerts) await monitored.prometheus.query(expr)
  })

  test('would not, of a metric that was renamed, and a wrong query is an error', async () => {
    expect(metricsIn('rate(threadtap_call_count[1m])')).toEqual(['threadtap_call_count'])
    expect(namesInScrape(await monitored.scrape('proxy'))).not.toContain('threadtap_call_count')
    expect(await monitored.prometheus.query('rate(threadtap_call_count[1m])')).toEqual([])
    await expect(monitored.prometheus.query('summ(threadtap_calls_total)')).rejects.toThrow('parse error')
  })

  test('under demo load a sidecar has fewer than 500 time series', () => {
    const series = scrapeOfDemo.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(series.length).toBeLessThan(500)
    expect(series.length).toBeGreaterThan(100)
  })
})

/** The defaults of the chart's values. */
function kedaQueries(): readonly string[] {
  const values = parse(readFileSync(join(chartFolder, 'values.yaml'), 'utf8')) as {
    readonly worker: { readonly autoscaling: { readonly keda: Readonly<Record<string, { query: string }>> } }
  }
  const { backlog, age } = values.worker.autoscaling.keda
  return [backlog?.query ?? '', age?.query ?? '']
}

const describeQuery = ({ panel, expr }: PanelQuery): string => `${panel}: ${expr}`

/** Resolves when Prometheus has scraped each process so often. */
async function scrapesSeen({ prometheus }: Monitored, times: number): Promise<void> {
  for (;;) {
    const [least] = await prometheus.query('min(count_over_time(threadtap_build_info[10m]))')
    const [processes] = await prometheus.query('count(threadtap_build_info)')
    if (processes?.value === 2 && (least?.value ?? 0) >= times) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

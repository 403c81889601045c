import type { Registry } from 'prom-client'
import { reportingMetrics } from '../../shared/metrics/catalogue.ts'
import { createMetrics } from '../../shared/metrics/metrics.ts'
import { reportings } from '../usage-reporting/reporting.ts'
import type { ReportingMemory } from '../usage-reporting/reporting-memory.ts'

/** Shows what is known of how upstreams report usage, counted when somebody scrapes. */
export function registerReportingMetrics(registry: Registry, memory: Pick<ReportingMemory, 'counts'>): void {
  const metrics = createMetrics(reportingMetrics, registry, async () => {
    const counts = memory.counts()
    for (const reporting of reportings) metrics.usageReporting.set({ reporting }, counts[reporting])
  })
}

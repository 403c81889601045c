import { prometheusRule, ruleFile } from '../../deploy/alerts/rule-files.ts'
import { dashboards, llmDashboard } from '../../deploy/grafana/dashboards.ts'
import { drawDashboard } from '../../deploy/grafana/picture/picture.ts'
import { baggageNames } from '../../proxy/attribution/names/baggage.ts'
import { bodyNames } from '../../proxy/attribution/names/body.ts'
import { headerFamilies } from '../../proxy/attribution/names/headers.ts'
import { failures } from '../../proxy/ingress/failures.ts'
import { settings } from '../../shared/config/settings.ts'
import { metricsByProcess } from '../../shared/metrics/catalogue.ts'
import { genAiRevision } from '../../shared/metrics/gen-ai.ts'
import { builtInPrices } from '../../shared/pricing/built-in-prices.ts'
import { folders } from '../structure/folders.ts'
import { errorsPage } from './errors.ts'
import { foldersPicture, withPicture } from './folders.ts'
import { headersPage } from './headers.ts'
import { metricsPage } from './metrics.ts'
import { pricesPage } from './prices.ts'
import { readDeclarations } from './record/declarations.ts'
import { recordFiles } from './record/record-files.ts'
import { recordPage } from './record.ts'
import { settingsPage } from './settings.ts'
import { withSettings } from './values-schema.ts'

/** Into the chart; Compose and Kustomize take them from there. */
const chart = 'deploy/helm/threadtap'
const dashboardFiles = Object.fromEntries(
  Object.entries(dashboards).map(([name, dashboard]) => [
    `${chart}/dashboards/${name}`,
    () => `${JSON.stringify(dashboard, null, 2)}\n`,
  ]),
)

/** What is generated: a file's path to what makes its text, of the text that it has. */
export const pages: Readonly<Record<string, (text: string) => string>> = {
  'docs/settings.md': () => settingsPage(settings),
  'docs/metrics.md': () => metricsPage(metricsByProcess, genAiRevision),
  'docs/record.md': () => recordPage(readDeclarations(recordFiles())),
  'docs/prices.md': () => pricesPage(builtInPrices),
  'docs/errors.md': () => errorsPage(failures),
  'docs/headers.md': () => headersPage(headerFamilies, baggageNames, bodyNames),
  ...dashboardFiles,
  'docs/images/llm-calls.svg': () => drawDashboard(llmDashboard, 2),
  [`${chart}/values.schema.json`]: (text) => withSettings(text, settings),
  [`${chart}/rules/threadtap.yaml`]: ruleFile,
  'deploy/kubernetes/monitoring/prometheus-rule.yaml': prometheusRule,
  'ARCHITECTURE.md': (text) => withPicture(text, foldersPicture(folders)),
}

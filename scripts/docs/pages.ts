import { baggageNames } from '../../proxy/attribution/names/baggage.ts'
import { bodyNames } from '../../proxy/attribution/names/body.ts'
import { headerFamilies } from '../../proxy/attribution/names/headers.ts'
import { failures } from '../../proxy/ingress/failures.ts'
import { settings } from '../../shared/config/settings.ts'
import {
  adminMetrics,
  proxyMetrics,
  relayMetrics,
  spoolReadings,
  workerMetrics,
} from '../../shared/metrics/catalogue.ts'
import { errorsPage } from './errors.ts'
import { headersPage } from './headers.ts'
import { metricsPage } from './metrics.ts'
import { settingsPage } from './settings.ts'

/** The generated pages of docs/: file name to text. */
export const pages: Readonly<Record<string, string>> = {
  'settings.md': settingsPage(settings),
  'metrics.md': metricsPage(
    adminMetrics,
    { ...relayMetrics, ...proxyMetrics, ...spoolReadings },
    workerMetrics,
  ),
  'errors.md': errorsPage(failures),
  'headers.md': headersPage(headerFamilies, baggageNames, bodyNames),
}

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
import { builtInPrices } from '../../shared/pricing/built-in-prices.ts'
import { folders } from '../structure/folders.ts'
import { errorsPage } from './errors.ts'
import { foldersPicture, withPicture } from './folders.ts'
import { headersPage } from './headers.ts'
import { metricsPage } from './metrics.ts'
import { pricesPage } from './prices.ts'
import { settingsPage } from './settings.ts'

/** What is generated: a file's path to what makes its text, of the text that it has. */
export const pages: Readonly<Record<string, (text: string) => string>> = {
  'docs/settings.md': () => settingsPage(settings),
  'docs/metrics.md': () =>
    metricsPage(adminMetrics, { ...relayMetrics, ...proxyMetrics, ...spoolReadings }, workerMetrics),
  'docs/prices.md': () => pricesPage(builtInPrices),
  'docs/errors.md': () => errorsPage(failures),
  'docs/headers.md': () => headersPage(headerFamilies, baggageNames, bodyNames),
  'ARCHITECTURE.md': (text) => withPicture(text, foldersPicture(folders)),
}

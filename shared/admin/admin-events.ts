import type { Registry } from 'prom-client'
import type { Logger } from '../logger.ts'
import { adminMetrics } from '../metrics/catalogue.ts'
import { createMetrics } from '../metrics/metrics.ts'
import type { Note } from '../timing/loop-watch.ts'
import { readVersion } from '../version.ts'

export type AdminEvents = {
  /** @param path of the request, without its query */
  requestStarted(path: string): void
  /** @param path of the request, without its query */
  requestFailed(path: string, cause: unknown): void
}

/** What happened on the admin port becomes metrics and log lines here. */
export function createAdminEvents(
  registry: Registry,
  log: Pick<Logger, 'error'>,
  note: Note = () => undefined,
): AdminEvents {
  const metrics = createMetrics(adminMetrics, registry)
  metrics.buildInfo.set({ version: readVersion(), node: process.version }, 1)
  return {
    requestStarted: (path) => note(`a request for ${path}`),
    requestFailed(path, cause) {
      metrics.errors.inc({})
      log.error({ path, err: cause }, 'a request to the admin port failed')
    },
  }
}

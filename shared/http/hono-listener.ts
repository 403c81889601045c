import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

/** Has a Hono app answer the requests of a Node server. */
export function honoListener(app: Pick<Hono, 'fetch'>): RequestListener {
  return getRequestListener(app.fetch, { overrideGlobalObjects: false, autoCleanupIncoming: false })
}

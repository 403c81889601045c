import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

/** Adapts a Hono app to a Node server. */
export function honoListener(app: Pick<Hono, 'fetch'>): RequestListener {
  return getRequestListener(app.fetch, { overrideGlobalObjects: false, autoCleanupIncoming: false })
}

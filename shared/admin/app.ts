import { Hono } from 'hono'
import { loadOnce } from '../load-once.ts'
import type { AdminParts } from './admin-parts.ts'
import { callRoutes } from './call-routes.ts'
import { deadLetterRoutes } from './dead-letter-routes.ts'
import { guard } from './guard.ts'
import { ledgerResponse } from './ledger-response.ts'
import { liveRoutes } from './live-routes.ts'
import { notFound } from './not-found.ts'
import { failed, noDead, noLedger, noLive, noRoute, noStore } from './sentences.ts'

const isOfApi = (path: string): boolean => path === '/api' || path.startsWith('/api/')

/**
 * The admin API: JSON, but for /api/live and what probes.ts responds to before it; a request that fails gets
 * `{"error": "one sentence"}`. Every other path is a page's.
 */
export function createAdminApp(parts: AdminParts): Hono {
  const { events, ledger, calls, dead, live, pages } = parts
  const app = new Hono()

  app.use('/ledger', guard(parts))
  app.use('/api/*', guard(parts))
  app.get('/ledger', async (c) =>
    ledger ? c.json(ledgerResponse(await ledger())) : c.json({ error: noLedger }, 404),
  )
  app.route('/api/dead', dead ? deadLetterRoutes(dead) : notFound(noDead))
  app.route('/api/live', live ? liveRoutes(live) : notFound(noLive))
  app.route('/api', calls ? callRoutes(calls) : notFound(noStore))

  const loadPages = pages && loadOnce(() => pages(parts))
  app.notFound(async (c) => {
    const isForPeople = loadPages !== undefined && !isOfApi(c.req.path)
    return isForPeople ? (await loadPages()).fetch(c.req.raw) : c.json({ error: noRoute }, 404)
  })
  // Messages of defects are for the log: they may hold paths, addresses or content.
  app.onError((cause, c) => {
    events.requestFailed(c.req.path, cause)
    return c.json({ error: failed }, 500)
  })
  return app
}

import { Hono } from 'hono'
import type { Registry } from 'prom-client'
import type { Degradation } from '../degradation/degradations.ts'
import type { ReadLedger } from '../ledger/ledger.ts'
import type { AdminEvents } from './admin-events.ts'
import { callRoutes } from './call-routes.ts'
import type { CallStore } from './call-store.ts'
import { deadLetterRoutes } from './dead-letter-routes.ts'
import type { DeadLetters } from './dead-letters.ts'
import { type Access, accessRequestOf, guard, refusalOf } from './guard.ts'
import { ledgerResponse } from './ledger-response.ts'
import { notFound } from './not-found.ts'
import { type LoadPages, lazyPages } from './pages.ts'
import { passes, type ReadyCheck, readiness } from './readiness.ts'

/** What a process shows of itself. The routes of what it does not have respond with 404 and the reason. */
export type AdminParts = Access & {
  readonly events: AdminEvents
  readonly registry: Registry
  /** Whether the part of the process that must never stand still still turns; without it, whether this thread does. */
  readonly alive?: ReadyCheck
  /** What the process needs for its own work. Never Redis, a sink or an upstream: see /readyz. */
  readonly checks: Readonly<Record<string, ReadyCheck>>
  /** What does not work for now, and stops nothing. */
  readonly degraded?: () => readonly Degradation[]
  readonly ledger?: ReadLedger
  readonly calls?: CallStore
  readonly dead?: DeadLetters
  /** What people see at `/`. */
  readonly pages?: LoadPages
}

const checkTimeoutMs = 1_000
/** Longer than the relay is ever busy with one thing. */
const aliveTimeoutMs = 10_000

const noLedger = 'this process keeps no ledger'
const noDead = 'this process keeps no dead letters: they are with the worker'
export const noStore =
  'this process keeps no local store: LOCAL_STORE is off, or it is a proxy, and the calls are with its workers'
const failed = 'the request failed inside threadtap; the cause is in its log'
export const noRoute =
  'nothing is here; there are /livez, /readyz, /metrics, /ledger, /api/threads, /api/calls, /api/runs, /api/dead'

const isOfApi = (path: string): boolean => path === '/api' || path.startsWith('/api/')

/**
 * The admin API: JSON but for /livez and /metrics; a request that fails gets `{"error": "one sentence"}`. Every other path is
 * a page's.
 */
export function createAdminApp(parts: AdminParts): Hono {
  const { registry, checks, events, ledger, calls, dead, alive = () => true, degraded = () => [] } = parts
  const app = new Hono()
  app.use(async (c, next) => {
    events.requestStarted(c.req.path)
    await next()
  })

  // Asks only whether event loops turn: a restart would not help with anything else.
  app.get('/livez', async (c) =>
    (await passes(alive, aliveTimeoutMs)) ? c.text('ok\n') : c.text('the relay does not respond\n', 503),
  )

  // Not ready takes a pod out of service and, as a sidecar, the application with it. So an outage that the
  // spool bridges (Redis, sink) or that the client should see for itself (upstream) is not checked; what is degraded is
  // told all the same; why it is only to those who may read more, because reasons name paths and addresses.
  app.get('/readyz', async (c) => {
    const result = await readiness(checks, checkTimeoutMs)
    const mayRead = refusalOf(parts, accessRequestOf(c)) === undefined
    const shown = degraded().map(({ reason, ...what }) => (mayRead ? { ...what, reason } : what))
    return c.json({ ...result, degraded: shown }, result.ready ? 200 : 503)
  })

  app.get('/metrics', async (c) =>
    c.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  )

  app.use('/ledger', guard(parts))
  app.use('/api/*', guard(parts))
  app.get('/ledger', async (c) =>
    ledger ? c.json(ledgerResponse(await ledger())) : c.json({ error: noLedger }, 404),
  )
  app.route('/api/dead', dead ? deadLetterRoutes(dead) : notFound(noDead))
  app.route('/api', calls ? callRoutes(calls) : notFound(noStore))

  const loadPages = parts.pages && lazyPages(parts.pages, parts)
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

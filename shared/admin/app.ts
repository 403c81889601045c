import { Hono } from 'hono'
import type { Registry } from 'prom-client'
import type { ReadLedger } from '../ledger/ledger.ts'
import { absent } from './absent.ts'
import { callRoutes } from './call-routes.ts'
import type { CallStore } from './call-store.ts'
import { deadLetterRoutes } from './dead-letter-routes.ts'
import type { DeadLetters } from './dead-letters.ts'
import { type Access, guard } from './guard.ts'
import { ledgerAnswer } from './ledger-answer.ts'
import { type ReadyCheck, readiness } from './readiness.ts'

/** What a process shows of itself; what it does not have answers 404 and says why. */
export type AdminParts = Access & {
  readonly registry: Registry
  /** What must be there for the process to do its work. Never Redis, a sink or an upstream: see /readyz. */
  readonly checks: Readonly<Record<string, ReadyCheck>>
  readonly ledger?: ReadLedger
  readonly calls?: CallStore
  readonly dead?: DeadLetters
}

const checkTimeoutMs = 1_000

const noLedger = 'this process keeps no ledger'
const noDead = 'this process keeps no dead letters: they are with the worker'
const noStore =
  'this process keeps no local store: its records go elsewhere, to Langfuse, a collector or a queue'
const nothingHere =
  'nothing is here; there are /livez, /readyz, /metrics, /ledger, /api/threads, /api/calls, /api/dead'

/** The admin port's answers, all JSON but /livez and /metrics; a refusal is `{"error": "one sentence"}`. */
export function createAdminApp(parts: AdminParts): Hono {
  const { registry, checks, ledger, calls, dead } = parts
  const app = new Hono()

  // Answers as long as the event loop turns: a restart mends nothing else.
  app.get('/livez', (c) => c.text('ok\n'))

  // Not ready takes a pod out of service and, as a sidecar, the application with it. So an outage that the
  // spool bridges (Redis, sink) or that the client should see for itself (upstream) is not asked about.
  app.get('/readyz', async (c) => {
    const answer = await readiness(checks, checkTimeoutMs)
    return c.json(answer, answer.ready ? 200 : 503)
  })

  app.get('/metrics', async (c) =>
    c.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  )

  app.use('/ledger', guard(parts))
  app.use('/api/*', guard(parts))
  app.get('/ledger', async (c) =>
    ledger ? c.json(ledgerAnswer(await ledger())) : c.json({ error: noLedger }, 404),
  )
  app.route('/api/dead', dead ? deadLetterRoutes(dead) : absent(noDead))
  app.route('/api', calls ? callRoutes(calls) : absent(noStore))

  app.notFound((c) => c.json({ error: nothingHere }, 404))
  app.onError((cause, c) => c.json({ error: cause.message }, 500))
  return app
}

import { Hono } from 'hono'
import { omitUndefined } from '../omit-undefined.ts'
import { type CallStore, CallsUnavailable, noSuchCall } from './call-store.ts'
import { limitOf } from './limit.ts'
import { noSuchRun } from './runs.ts'

/**
 * `/threads`, `/calls?thread=&limit=&before=` (summaries), `/calls/<id>` (the record, its cost and delivery), `/runs?limit=`
 * (summaries) and `/runs/<id>` (its spans as a tree).
 */
export function callRoutes(store: CallStore): Hono {
  const routes = new Hono()

  routes.get('/threads', async (c) => c.json(await store.threads({ limit: limitOf(c) })))

  routes.get('/calls', async (c) => {
    const { thread, before } = c.req.query()
    return c.json(await store.calls(omitUndefined({ thread, before, limit: limitOf(c) })))
  })

  routes.get('/calls/:id', async (c) => {
    const call = await store.call(c.req.param('id'))
    return call ? c.json(call) : c.json({ error: noSuchCall }, 404)
  })

  routes.get('/runs', async (c) => c.json(await store.runs({ limit: limitOf(c) })))

  routes.get('/runs/:id', async (c) => {
    const run = await store.run(c.req.param('id'))
    return run ? c.json(run) : c.json({ error: noSuchRun }, 404)
  })

  routes.onError((cause, c) => {
    if (cause instanceof CallsUnavailable) return c.json({ error: cause.message }, 503)
    throw cause
  })
  return routes
}
